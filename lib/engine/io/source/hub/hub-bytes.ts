import type { Answer, GetOptions, SourceClient } from "../../net/source-client";
import { privateOrGated, unexpectedAnswer } from "../answer-errors";
import { changed } from "../content-check";
import type { ListedFile } from "../release";
import type { FetchBytes } from "../remote-reader";
import { expiryOf } from "./signed-address";

/** Where the bytes of one file are served, until when, and under which strong ETag they were first seen there. */
interface Resolved {
  readonly url: URL;
  readonly expiresAt: number;
  readonly etag: string | null;
}

/** What a signed address answers when it does not count any more. */
const refusals = new Set([401, 403, 404, 410]);

/**
 * Bytes of Hub files at a commit. The first request for a file goes through /resolve/; the address it is redirected
 * to serves the following ones until it expires, so a file costs one request of the Hub's own budget, and one more
 * each time its address expires. Throws "source-changed" when the Hub names another content than the listing, or when
 * size or strong ETag at one address differ between two answers.
 */
export function createHubBytes(
  client: SourceClient,
  hubUrl: string,
  repository: string,
  commit: string,
): FetchBytes {
  const resolved = new Map<string, Resolved>();
  const resolving = new Map<string, Promise<Answer>>();
  const gone = new Set<string>();

  async function resolve(file: ListedFile, options: GetOptions): Promise<Answer> {
    const address = resolveAddress(hubUrl, repository, commit, file.path);
    const answer = await client.get(address, options);
    checkNamed(file, answer);
    const { url } = answer;
    if (answer.status < 300 && url.href !== address.href && !url.pathname.includes("/resolve/")) {
      resolved.set(file.path, { url, expiresAt: expiryOf(url, Date.now()), etag: strongEtag(answer) });
    }
    return answer;
  }

  async function answerFor(file: ListedFile, options: GetOptions): Promise<Answer> {
    const { path } = file;
    const refused: Resolved[] = [];
    for (;;) {
      // Reads that arrive while the address is being found wait for it instead of resolving again.
      for (let other = resolving.get(path); other; other = resolving.get(path)) await other.catch(() => {});
      const known = resolved.get(path);
      if (!known || known.expiresAt <= Date.now() || refused.length > 1) break;
      const answer = await client.get(known.url, { ...options, content: true });
      if (!refusals.has(answer.status)) {
        if (known.etag !== null && strongEtag(answer) !== known.etag) throw changed(path);
        return answer;
      }
      // Another read may have found a new address meanwhile: only the one that refused is forgotten.
      refused.push(known);
      if (resolved.get(path) === known) resolved.delete(path);
    }
    const own = resolve(file, options);
    resolving.set(path, own);
    try {
      return await own;
    } finally {
      if (resolving.get(path) === own) resolving.delete(path);
    }
  }

  return async (file, range, maxBytes, signal) => {
    if (gone.has(file.path)) return null;
    const options = { maxBytes, ...(range ? { range } : {}), ...(signal ? { signal } : {}) };
    const bytes = bytesOf(await answerFor(file, options), file, repository);
    if (bytes === null) gone.add(file.path);
    return bytes;
  };
}

function resolveAddress(hubUrl: string, repository: string, commit: string, path: string): URL {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`${hubUrl}/${repository}/resolve/${commit}/${encoded}`);
}

/** A resolve answer names the content that it leads to: X-Linked-ETag is the SHA-256 of an LFS file. */
function checkNamed(file: ListedFile, { redirect }: Answer): void {
  if (redirect === null) return;
  const named = /^"?([0-9a-f]{64})"?$/.exec(headerText(redirect["x-linked-etag"]))?.[1];
  if (named !== undefined && file.lfsSha256 !== null && named !== file.lfsSha256) throw changed(file.path);
  const size = headerText(redirect["x-linked-size"]);
  if (/^\d{1,15}$/.test(size) && file.size !== null && Number(size) !== file.size) throw changed(file.path);
}

/** RFC 9110, 8.8.3: only a strong validator promises equal bytes. */
function strongEtag({ status, headers }: Answer): string | null {
  const value = headerText(headers.etag);
  return (status === 200 || status === 206) && value.startsWith('"') ? value : null;
}

function headerText(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : "";
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
