import type { Answer, GetOptions, SourceClient } from "../../net/source-client";
import { privateOrGated, unexpectedAnswer } from "../answer-errors";
import { changed } from "../content-check";
import type { ListedFile } from "../release";
import type { FetchBytes } from "../remote-reader";
import { expiryOf } from "./signed-address";

interface Resolved {
  readonly url: URL;
  readonly expiresAt: number;
}

/**
 * Bytes of Hub files at a commit. The first request for a file goes through /resolve/; the address it is redirected
 * to serves the following ones until it expires, so a file costs one request of the Hub's own budget.
 */
export function createHubBytes(
  client: SourceClient,
  hubUrl: string,
  repository: string,
  commit: string,
): FetchBytes {
  const resolved = new Map<string, Resolved>();
  const resolving = new Map<string, Promise<Answer>>();

  async function resolve(path: string, options: GetOptions): Promise<Answer> {
    const address = resolveAddress(hubUrl, repository, commit, path);
    const answer = await client.get(address, options);
    const { url } = answer;
    if (answer.status < 300 && url.href !== address.href && !url.pathname.includes("/resolve/")) {
      resolved.set(path, { url, expiresAt: expiryOf(url, Date.now()) });
    }
    return answer;
  }

  return async (file, range, maxBytes, signal) => {
    const { path } = file;
    const options = { maxBytes, ...(range ? { range } : {}), ...(signal ? { signal } : {}) };
    // Reads that arrive while the address is being found wait for it instead of resolving again.
    for (let other = resolving.get(path); other; other = resolving.get(path)) await other.catch(() => {});
    const known = resolved.get(path);
    if (known && known.expiresAt > Date.now()) {
      const answer = await client.get(known.url, options);
      if (![401, 403, 404, 410].includes(answer.status)) return bytesOf(answer, file, repository);
      resolved.delete(path);
    }
    const own = resolve(path, options);
    resolving.set(path, own);
    try {
      return bytesOf(await own, file, repository);
    } finally {
      if (resolving.get(path) === own) resolving.delete(path);
    }
  };
}

function resolveAddress(hubUrl: string, repository: string, commit: string, path: string): URL {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${hubUrl}/${repository}/resolve/${commit}/${encoded}`);
}

function bytesOf(answer: Answer, file: ListedFile, repository: string): Uint8Array | null {
  if (answer.status === 200 || answer.status === 206) {
    if (answer.total !== null && file.size !== null && answer.total !== file.size) throw changed(file.path);
    return answer.body;
  }
  // Listed once, gone now: deleted upstream.
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status === 401 || answer.status === 403) throw privateOrGated(repository);
  if (answer.status === 416) throw changed(file.path);
  throw unexpectedAnswer(answer.url.host, `answered ${answer.status}`);
}
