import { z } from "zod";
import { EngineError } from "../../../errors";
import { RangeCache } from "../../cache/range-cache";
import { SourceClient } from "../../net/source-client";
import { privateOrGated, unexpectedAnswer } from "../answer-errors";
import { checkListing } from "../listing";
import type { ReleaseReader } from "../release";
import { createRemoteReader, type FetchBytes } from "../remote-reader";
import { publicGithubEndpoint, type SourceIo } from "../source-io";
import type { SourceSpec } from "../spec";
import { githubJson } from "./github-api";

const accessAnswer = z.object({ private: z.boolean() });
const hash = z.string().regex(/^[0-9a-f]{40}$/);
const commitAnswer = z.object({ sha: hash, commit: z.object({ tree: z.object({ sha: hash }) }) });
const treeAnswer = z.object({
  truncated: z.boolean().optional(),
  tree: z.array(
    z.object({ path: z.string(), type: z.string(), sha: z.string(), size: z.number().optional() }),
  ),
});

/** Resolves the revision to a commit and lists its tree. Files kept in Git LFS appear as their pointers. */
export async function openGithubRelease(spec: SourceSpec, io: SourceIo): Promise<ReleaseReader> {
  const client = new SourceClient(io, io.github);
  const { repository } = spec;
  const revision = spec.revision ?? "HEAD";
  const about = { repository, revision, maxBytes: io.limits.maxListingBytes };
  // Without a token GitHub shows public repositories only.
  if (io.publicOnly === true && io.github.token !== null) {
    const { private: closed } = await githubJson(client, `/repos/${repository}`, accessAnswer, about);
    if (closed !== false) throw privateOrGated(repository);
  }
  const commit = await githubJson(
    client,
    `/repos/${repository}/commits/${encodeURIComponent(revision)}`,
    commitAnswer,
    about,
  );
  const listing = await githubJson(
    client,
    `/repos/${repository}/git/trees/${commit.commit.tree.sha}?recursive=1`,
    treeAnswer,
    about,
  );
  if (listing.truncated) {
    throw new EngineError("too-large", `${repository} has more files than GitHub lists at once`, {
      repository,
    });
  }
  const files = listing.tree
    .filter((entry) => entry.type === "blob")
    .map((entry) => ({ path: entry.path, size: entry.size ?? null, gitOid: entry.sha, lfsSha256: null }));
  return createRemoteReader({
    release: {
      kind: "github",
      repository,
      commit: commit.sha,
      files: checkListing(files, io.limits.maxFiles),
    },
    origin: client.base.origin,
    cache: io.cacheFolder === null ? null : new RangeCache(io.cacheFolder, io.limits.cacheBytes),
    maxReadBytes: io.limits.maxReadBytes,
    wholeFilesOnly: true,
    fetchBytes: createGithubBytes(client, io, repository, commit.sha),
  });
}

/**
 * Whole files, checked against the tree's blob ids by the reader. Without a token and on the public service they come
 * from the raw host, which costs nothing of the API's small budget; else from the API itself, the only host that may
 * see the token.
 */
function createGithubBytes(
  client: SourceClient,
  io: SourceIo,
  repository: string,
  commit: string,
): FetchBytes {
  const base = client.base.href.replace(/\/+$/, "");
  const useRawHost = io.github.token === null && base === publicGithubEndpoint;
  return async (file, _range, maxBytes, signal) => {
    const path = file.path.split("/").map(encodeURIComponent).join("/");
    const url = useRawHost
      ? new URL(`https://raw.githubusercontent.com/${repository}/${commit}/${path}`)
      : new URL(`${base}/repos/${repository}/git/blobs/${file.gitOid}`);
    const answer = await client.get(url, {
      maxBytes,
      ...(useRawHost ? {} : { headers: { accept: "application/vnd.github.raw+json" } }),
      ...(signal ? { signal } : {}),
    });
    if (answer.status === 200) return answer.body;
    if (answer.status === 404 || answer.status === 410) return null;
    if (answer.status === 401 || answer.status === 403) throw privateOrGated(repository);
    throw unexpectedAnswer(answer.url.host, `answered ${answer.status}`);
  };
}
