import { base64, consistencyProof, LogError, parseTilePath } from "@/lib/engine/log";
import type { NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Database } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { checkpointFile, readTileFile, tileReader } from "./log-files";
import {
  checkpointAt,
  logVerifierKeys,
  type PublishedCheckpoint,
  proofOf,
  publishedCheckpoint,
} from "./read";

interface Served {
  readonly body: Uint8Array | string;
  readonly type: string;
  /** Value of Cache-Control. */
  readonly cache: string;
}

const text = "text/plain; charset=utf-8";
/** A checkpoint, and what hangs on it, is seen by everybody within this time. */
const fresh = "public, max-age=2";
const immutable = "public, max-age=31536000, immutable";

/**
 * What /log/<path> answers: checkpoint, vkey, tiles and bundles (C2SP tlog-tiles), entry/<i>.tlog-proof, consistency.
 * Tiles and checkpoint come from the published files alone. Throws AppError "not-found" and "invalid-input".
 */
export async function serveLog(
  from: { readonly db: Database; readonly files: NamedFiles },
  path: string,
  query: URLSearchParams,
): Promise<Served> {
  if (path === "checkpoint") return { body: await checkpoint(from.files), type: text, cache: fresh };
  if (path === "vkey") return { body: await vkeys(from.db), type: text, cache: fresh };
  if (path === "consistency")
    return { body: await consistency(from, query), type: "application/json", cache: fresh };
  const index = /^entry\/(0|[1-9]\d{0,15})\.tlog-proof$/.exec(path)?.[1];
  if (index !== undefined) return { body: await entryProof(from, Number(index)), type: text, cache: fresh };
  const tile = parseTilePath(path);
  if (tile === null) throw new AppError("not-found");
  const bytes = await readTileFile(from.files, tile);
  if (bytes === null) throw new AppError("not-found");
  return { body: bytes, type: "application/octet-stream", cache: immutable };
}

async function checkpoint(files: NamedFiles): Promise<Uint8Array> {
  const note = await files.get(checkpointFile);
  if (note === null) throw new AppError("not-found");
  return note;
}

async function vkeys(db: Database): Promise<string> {
  const keys = await logVerifierKeys(db);
  if (keys.length === 0) throw new AppError("not-found");
  return keys.map((key) => `${key}\n`).join("");
}

async function entryProof(
  { db, files }: { db: Database; files: NamedFiles },
  index: number,
): Promise<string> {
  const [published, entry] = await Promise.all([
    publishedCheckpoint(db),
    db.logEntry.findUnique({ where: { index: BigInt(index) }, select: { kind: true } }),
  ]);
  const over =
    published !== null && entry?.kind === "rotate" ? await signedByBoth(db, index, published) : published;
  const proof = over === null ? null : await proofOf(over, index, tileReader(files));
  if (proof === null) throw new AppError("not-found");
  return proof;
}

/**
 * An entry that names a new key of the log is proved under the first checkpoint over it that the old key signed beside
 * the new one: whoever knows the old key then has its word on its successor, also after it was retired.
 */
async function signedByBoth(
  db: Database,
  index: number,
  published: PublishedCheckpoint,
): Promise<PublishedCheckpoint> {
  const [first] = await db.$queryRaw<{ size: bigint }[]>`
    SELECT size FROM log_signature WHERE signer = 'log' AND size > ${index} AND size <= ${published.size}
    GROUP BY size HAVING count(*) > 1 ORDER BY size LIMIT 1`;
  return (first === undefined ? null : await checkpointAt(db, Number(first.size))) ?? published;
}

/** {"old", "new", "consistency": base64[]}; without `new`, up to the published checkpoint. */
async function consistency(
  { db, files }: { db: Database; files: NamedFiles },
  query: URLSearchParams,
): Promise<string> {
  const published = await publishedCheckpoint(db);
  if (published === null) throw new AppError("not-found");
  const old = size(query, "old");
  const to = query.has("new") ? size(query, "new") : published.size;
  if (to > published.size) throw new AppError("invalid-input", { fields: { new: "beyond-the-log" } });
  try {
    const proof = await consistencyProof(old, to, tileReader(files));
    return JSON.stringify({ old, new: to, consistency: proof.map(base64) });
  } catch (error) {
    if (error instanceof LogError)
      throw new AppError("invalid-input", { fields: { old: "larger-than-new" } });
    throw error;
  }
}

function size(query: URLSearchParams, name: string): number {
  const value = query.get(name) ?? "";
  if (!/^(?:0|[1-9]\d{0,15})$/.test(value) || !Number.isSafeInteger(Number(value)))
    throw new AppError("invalid-input", { fields: { [name]: "not-a-size" } });
  return Number(value);
}
