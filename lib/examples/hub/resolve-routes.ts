import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { encodePath, type ServedRepository } from "./api-routes";
import type { ListedHubFile } from "./repository";
import { HubRefusal, refusals, sendFile } from "./respond";

/** Addresses of LFS content carry their expiry and a signature over it, as on the Hub's CDN. */
export function createSigner(secret: Uint8Array, now: () => number) {
  const sign = (sha256: string, expires: string) =>
    createHmac("sha256", secret).update(`${sha256}\n${expires}`).digest("base64url");
  return {
    address(origin: string, sha256: string, seconds: number): string {
      const expires = String(Math.floor(now() / 1000) + seconds);
      return `${origin}/cdn-lfs/${sha256}?Expires=${expires}&Signature=${sign(sha256, expires)}&Key-Pair-Id=LOOPBACK`;
    },
    check(sha256: string, query: URLSearchParams): boolean {
      const expires = query.get("Expires") ?? "";
      const given = Buffer.from(query.get("Signature") ?? "");
      const expected = Buffer.from(sign(sha256, expires));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      return Number(expires) * 1000 > now();
    },
  };
}

export type Signer = ReturnType<typeof createSigner>;

interface ResolveRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly served: ServedRepository;
  readonly path: string;
  readonly revision: string;
  readonly signer: Signer;
  readonly cdnOrigin: string;
  readonly linkSeconds: number;
  readonly rateHeaders: Readonly<Record<string, string>>;
}

/** The file if it is listed and its bytes can be had. */
export function findFile(served: ServedRepository, path: string, revision: string) {
  const file = served.files.find((one) => one.path === path);
  if (!file?.source) throw refusals.unknownEntry(path, revision);
  return file as ListedHubFile & { source: NonNullable<ListedHubFile["source"]> };
}

/**
 * GET|HEAD /{id}/resolve/{rev}/{path}. LFS content: 302 to a signed address on the CDN. Anything else: 307 to the
 * Hub's own cached copy at the resolved commit, by a relative address. Both tell size and hash in X-Linked-*.
 */
export function resolveFile(input: ResolveRequest): void {
  const { response, served, path, revision } = input;
  const file = findFile(served, path, revision);
  const { name, commit } = served.repository;
  const hash = file.lfs?.oid ?? file.oid;
  const location = file.lfs
    ? input.signer.address(input.cdnOrigin, file.lfs.oid, input.linkSeconds)
    : `/api/resolve-cache/models/${name}/${commit}/${encodePath(path)}?etag=${encodeURIComponent(`"${hash}"`)}`;
  response.writeHead(file.lfs ? 302 : 307, {
    Location: location,
    "X-Repo-Commit": commit,
    "Accept-Ranges": "bytes",
    ...(file.size === null ? {} : { "X-Linked-Size": String(file.size) }),
    "X-Linked-ETag": `"${hash}"`,
    ETag: `"${hash}"`,
    "Content-Length": "0",
    ...input.rateHeaders,
  });
  response.end();
}

/** GET|HEAD /api/resolve-cache/models/{id}/{commit}/{path}: bytes of a file that is not in LFS. */
export async function sendCached(
  request: IncomingMessage,
  response: ServerResponse,
  served: ServedRepository,
  path: string,
): Promise<void> {
  const { commit } = served.repository;
  const file = findFile(served, path, commit);
  await sendFile(request, response, file.source, { ETag: `"${file.oid}"`, "X-Repo-Commit": commit });
}

/** GET|HEAD /cdn-lfs/{sha256}: refuses expired or forged addresses, and, as object stores do, a second kind of credential. */
export async function sendFromCdn(
  request: IncomingMessage,
  response: ServerResponse,
  file: ListedHubFile | undefined,
  sha256: string,
  query: URLSearchParams,
  signer: Signer,
): Promise<void> {
  if (request.headers.authorization) throw new HubRefusal(400, null, "Only one auth mechanism allowed");
  if (!signer.check(sha256, query)) throw new HubRefusal(403, null, "Access denied: the address has expired");
  if (!file?.source) throw new HubRefusal(404, null, "NoSuchKey");
  await sendFile(request, response, file.source, { ETag: `"${sha256}"` });
}
