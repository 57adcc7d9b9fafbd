import { z } from "zod";
import { text } from "../bytes";
import { decodeBundle } from "../entry-bundle";
import { LogError } from "../errors";
import { type BundleId, type TileId, tilePath, tileWidth } from "../tile-path";
import type { ReadTile } from "../tile-proofs";
import { hashSize } from "../tree";
import { MonitorProblem, refusing } from "./problem";

/**
 * Fetches a path of the site ("/log/checkpoint"), at most `most` bytes. Answers with 200, 404 or 410; throws whatever it
 * likes for everything else, and when the site cannot be reached.
 */
export type FetchPublic = (
  path: string,
  most: number,
) => Promise<{ readonly status: number; readonly body: Uint8Array }>;

export type Blob =
  | { readonly state: "found"; readonly bytes: Uint8Array }
  | { readonly state: "missing" | "redacted" };

/** The public side of a log, as strangers read it. Nothing that it returns is trusted. */
export interface Surface {
  /** Null: there is none. */
  checkpoint(): Promise<Uint8Array | null>;
  /** Lines of /log/vkey. */
  verifierKeys(): Promise<readonly string[]>;
  /** Exactly as many hashes as asked for. Throws MonitorProblem. */
  readonly hashTile: ReadTile;
  /** The entries of a bundle, exactly as many as asked for. Throws MonitorProblem. */
  entries(index: number, width: number): Promise<readonly Uint8Array[]>;
  blob(sha256: string, most: number): Promise<Blob>;
  /** SubjectPublicKeyInfo of the key that signed an entry's statement; null where it is not public. */
  signerOf(index: number): Promise<Uint8Array | null>;
  /** Raw answer, for the parts that few need. */
  readonly fetch: FetchPublic;
}

const largestNote = 1_000_000;
const largestBundle = tileWidth * (2 + 65_535);
/** 4 MiB of hash tiles: the upper levels of any log, and the way to its edge. */
const keptTiles = 512;
const pem = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]{1,1000})-----END PUBLIC KEY-----\n?$/;
const entrySchema = z.object({ signer: z.object({ publicKey: z.string() }).nullable() });

export function openSurface(fetch: FetchPublic): Surface {
  const kept = new Map<string, Promise<Uint8Array>>();

  /** A partial tile goes once the full one is there (C2SP tlog-tiles, "Partial tiles"): then the full one is cut. */
  const tileBytes = async (id: TileId | BundleId, most: number): Promise<Uint8Array> => {
    const path = tilePath(id);
    const exact = await fetch(`/log/${path}`, most);
    if (exact.status === 200) return exact.body;
    if (id.width < tileWidth) {
      const full = await fetch(`/log/${tilePath({ ...id, width: tileWidth })}`, most);
      if (full.status === 200) return full.body;
    }
    throw new MonitorProblem("skipped", `${path} is missing from the log`);
  };

  const hashTile: ReadTile = (id) => {
    const path = tilePath(id);
    const known = kept.get(path);
    if (known !== undefined) return known;
    const bytes = tileBytes(id, tileWidth * hashSize).then((found) => {
      const wanted = id.width * hashSize;
      if (found.length !== wanted && found.length !== tileWidth * hashSize)
        throw new MonitorProblem("bad-tile", `${path} has ${found.length} bytes instead of ${wanted}`);
      return found.subarray(0, wanted);
    });
    kept.set(path, bytes);
    bytes.catch(() => kept.delete(path));
    const [oldest] = kept.keys();
    if (kept.size > keptTiles && oldest !== undefined) kept.delete(oldest);
    return bytes;
  };

  return {
    fetch,
    hashTile,
    async checkpoint() {
      const { status, body } = await fetch("/log/checkpoint", largestNote);
      return status === 200 ? body : null;
    },
    async verifierKeys() {
      const { status, body } = await fetch("/log/vkey", 64 * 1024);
      if (status !== 200) return [];
      const lines = refusing("bad-checkpoint", "/log/vkey", () => text(body)).split("\n");
      return lines.filter((line) => line !== "");
    },
    async entries(index, width) {
      const id = { level: "entries" as const, index, width };
      const bytes = await tileBytes(id, largestBundle);
      try {
        return decodeBundle(bytes, width);
      } catch (error) {
        if (error instanceof LogError)
          throw new MonitorProblem("skipped", `${tilePath(id)}: ${error.message}`);
        throw error;
      }
    },
    async blob(sha256, most) {
      const { status, body } = await fetch(`/api/v1/blobs/sha256/${sha256}`, most);
      if (status === 200) return { state: "found", bytes: body };
      return { state: status === 410 ? "redacted" : "missing" };
    },
    async signerOf(index) {
      const { status, body } = await fetch(`/api/v1/entries/${index}`, 4 * 1024 * 1024);
      if (status !== 200) return null;
      try {
        const entry = entrySchema.parse(JSON.parse(text(body)));
        const encoded = pem.exec(entry.signer?.publicKey ?? "")?.[1];
        if (encoded === undefined) return null;
        return Uint8Array.from(atob(encoded.replaceAll("\n", "")), (one) => one.charCodeAt(0));
      } catch {
        return null;
      }
    },
  };
}

/** Up to `limit` at a time, results in order; the first failure ends it. */
export async function eachOf<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const run = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  return results;
}
