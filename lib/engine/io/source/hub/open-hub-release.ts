import { listFiles, modelInfo } from "@huggingface/hub";
import { EngineError } from "../../../errors";
import { RangeCache } from "../../cache/range-cache";
import { SourceClient } from "../../net/source-client";
import { privateOrGated, unexpectedAnswer } from "../answer-errors";
import { checkListing, tooMany } from "../listing";
import type { ListedFile, ReleaseReader } from "../release";
import { createRemoteReader } from "../remote-reader";
import type { SourceIo } from "../source-io";
import type { SourceSpec } from "../spec";
import { createHubBytes } from "./hub-bytes";
import { hubFetch } from "./hub-fetch";

/** Resolves the revision to a full commit and lists the commit's files, all pages of them. */
export async function openHubRelease(spec: SourceSpec, io: SourceIo): Promise<ReleaseReader> {
  const client = new SourceClient(io, io.hf);
  const asked = spec.revision ?? "HEAD";
  const about = { repository: spec.repository, revision: asked, maxBytes: io.limits.maxListingBytes };
  const hub = { hubUrl: hubUrlOf(client), fetch: hubFetch(client, about) };
  const { repository, commit, createdAt } = await readable(client, () =>
    resolveCommit(spec, hub, io.publicOnly === true),
  );
  const files = await readable(client, async () => {
    const found: ListedFile[] = [];
    const pages = listFiles({
      ...hub,
      repo: { type: "model", name: repository },
      recursive: true,
      revision: commit,
    });
    for await (const entry of pages) {
      if (entry.type !== "file") continue;
      found.push({
        path: entry.path,
        size: entry.lfs?.size ?? entry.size ?? null,
        gitOid: entry.oid ?? null,
        lfsSha256: entry.lfs?.oid ?? null,
      });
      if (found.length > io.limits.maxFiles) throw tooMany(io.limits.maxFiles);
    }
    return checkListing(found, io.limits.maxFiles);
  });
  const release = { kind: "hf" as const, repository, commit, ...(createdAt ? { createdAt } : {}), files };
  return createRemoteReader({
    release,
    origin: client.base.origin,
    cache: io.cacheFolder === null ? null : new RangeCache(io.cacheFolder, io.limits.cacheBytes),
    maxReadBytes: io.limits.maxReadBytes,
    wholeFilesOnly: false,
    fetchBytes: createHubBytes(client, hub.hubUrl, repository, commit),
  });
}

type HubAccess = { readonly hubUrl: string; readonly fetch: typeof fetch };

async function resolveCommit(
  spec: SourceSpec,
  hub: HubAccess,
  publicOnly: boolean,
): Promise<{ repository: string; commit: string; createdAt: string | null }> {
  const info = await modelInfo({
    ...hub,
    name: spec.repository,
    additionalFields: ["sha", "createdAt"],
    ...(spec.revision === null ? {} : { revision: spec.revision }),
  });
  if (publicOnly && (info.private || info.gated)) throw privateOrGated(spec.repository);
  if (typeof info.sha !== "string" || !/^[0-9a-f]{40}$/.test(info.sha)) throw new SyntaxError("no commit");
  // A renamed repository answers under its present name.
  const named = typeof info.name === "string" && /^[\w.-]+\/[\w.-]+$/.test(info.name);
  return {
    repository: named ? info.name : spec.repository,
    commit: info.sha,
    createdAt: isoDate(info.createdAt),
  };
}

/** A date as the host states it, or null. */
export function isoDate(stated: unknown): string | null {
  const at = typeof stated === "string" || stated instanceof Date ? new Date(stated).getTime() : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The base address without a trailing slash, as the library wants it. */
export function hubUrlOf(client: SourceClient): string {
  return client.base.href.replace(/\/+$/, "");
}

/** Whatever the library stumbles over in an answer is an unusable answer. */
export async function readable<T>(client: SourceClient, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw unexpectedAnswer(client.base.host, "sent an answer that cannot be read");
  }
}
