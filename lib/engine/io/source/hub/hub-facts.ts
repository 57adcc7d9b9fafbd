import { modelInfo } from "@huggingface/hub";
import { SourceClient } from "../../net/source-client";
import type { RepositoryFacts } from "../repository-facts";
import type { SourceIo } from "../source-io";
import type { SourceSpec } from "../spec";
import { hubFetch } from "./hub-fetch";
import { hubUrlOf, readable } from "./open-hub-release";

/** What the Hub says about a repository at this moment. */
export async function hubFacts(spec: SourceSpec, io: SourceIo): Promise<RepositoryFacts> {
  const client = new SourceClient(io, io.hf);
  const revision = spec.revision ?? "HEAD";
  const about = { repository: spec.repository, revision, maxBytes: io.limits.maxListingBytes };
  const info = await readable(client, () =>
    modelInfo({
      hubUrl: hubUrlOf(client),
      fetch: hubFetch(client, about),
      name: spec.repository,
      additionalFields: ["cardData", "tags"],
      ...(spec.revision === null ? {} : { revision: spec.revision }),
    }),
  );
  const card: unknown = info.cardData;
  const stated = typeof card === "object" && card !== null && "license" in card ? card.license : null;
  const tag = Array.isArray(info.tags)
    ? info.tags.find((one) => String(one).startsWith("license:"))
    : undefined;
  const updated = info.updatedAt instanceof Date ? info.updatedAt.getTime() : Number.NaN;
  return {
    likes: wholeNumber(info.likes),
    downloads: wholeNumber(info.downloads),
    licence: firstText(stated) ?? (tag === undefined ? null : String(tag).slice("license:".length)),
    lastModified: Number.isNaN(updated) ? null : new Date(updated).toISOString(),
  };
}

function wholeNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function firstText(value: unknown): string | null {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "string" && one !== "" ? one.slice(0, 200) : null;
}
