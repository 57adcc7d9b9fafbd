import { z } from "zod";
import { SourceClient } from "../../net/source-client";
import type { RepositoryFacts } from "../repository-facts";
import type { SourceIo } from "../source-io";
import type { SourceSpec } from "../spec";
import { githubJson } from "./github-api";

const repositoryAnswer = z.object({
  stargazers_count: z.number().int().nonnegative().nullish(),
  license: z.object({ spdx_id: z.string().nullish() }).nullish(),
  pushed_at: z.string().nullish(),
});

/** What GitHub says about a repository at this moment; it counts no downloads. */
export async function githubFacts(spec: SourceSpec, io: SourceIo): Promise<RepositoryFacts> {
  const about = {
    repository: spec.repository,
    revision: spec.revision ?? "HEAD",
    maxBytes: io.limits.maxListingBytes,
  };
  const client = new SourceClient(io, io.github);
  const found = await githubJson(client, `/repos/${spec.repository}`, repositoryAnswer, about);
  const pushed = Date.parse(found.pushed_at ?? "");
  const licence = found.license?.spdx_id;
  return {
    likes: found.stargazers_count ?? null,
    downloads: null,
    licence: licence === undefined || licence === "NOASSERTION" ? null : licence,
    lastModified: Number.isNaN(pushed) ? null : new Date(pushed).toISOString(),
  };
}
