import {
  formatCheckpoint,
  formatNote,
  formatProof,
  formatVerifierKey,
  inclusionProof,
  publicKeyOfSpki,
  type ReadTile,
  signatureTypes,
} from "@/lib/engine/log";
import type { Database, Transaction } from "@/lib/platform/database";
import { orderLines } from "./order-lines";

type Reader = Pick<Database | Transaction, "logState" | "logCheckpoint" | "logSignature" | "logKey">;

export interface PublishedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note with every line known by now. */
  readonly note: string;
  readonly createdAt: Date;
}

/** The newest checkpoint that readers can fetch; null before the first. */
export async function publishedCheckpoint(db: Reader): Promise<PublishedCheckpoint | null> {
  const state = await db.logState.findUnique({ where: { id: 1 } });
  return state === null || state.publishedSize === 0n
    ? null
    : checkpointOf(db, state.origin, state.publishedSize);
}

/** A signed checkpoint of exactly this size. */
export async function checkpointAt(db: Reader, size: number): Promise<PublishedCheckpoint | null> {
  const state = await db.logState.findUnique({ where: { id: 1 } });
  return state === null || state.publishedSize < size ? null : checkpointOf(db, state.origin, BigInt(size));
}

async function checkpointOf(db: Reader, origin: string, size: bigint): Promise<PublishedCheckpoint | null> {
  const [row, lines, keys] = await Promise.all([
    db.logCheckpoint.findUnique({ where: { size } }),
    db.logSignature.findMany({ where: { size } }),
    logKeys(db),
  ]);
  if (row === null || !lines.some(({ signer }) => signer === "log")) return null;
  const root = new Uint8Array(row.root);
  const body = formatCheckpoint({ origin, size: Number(size), root });
  return {
    origin,
    size: Number(size),
    root,
    note: formatNote(body, orderLines(origin, keys, lines)),
    createdAt: row.createdAt,
  };
}

/** The .tlog-proof of an entry under a checkpoint; null when the checkpoint does not cover it. */
export async function proofOf(
  checkpoint: Pick<PublishedCheckpoint, "size" | "note">,
  index: number,
  read: ReadTile,
): Promise<string | null> {
  if (index >= checkpoint.size) return null;
  const hashes = await inclusionProof(index, checkpoint.size, read);
  return formatProof({ index, hashes, checkpoint: checkpoint.note });
}

/** Verifier keys of the log, the newest first. */
export async function logVerifierKeys(db: Reader): Promise<readonly string[]> {
  const [state, keys] = await Promise.all([db.logState.findUnique({ where: { id: 1 } }), logKeys(db)]);
  if (state === null) return [];
  return keys.map((spki) => formatVerifierKey(state.origin, signatureTypes.note, publicKeyOfSpki(spki)));
}

async function logKeys(db: Reader): Promise<readonly Uint8Array[]> {
  const keys = await db.logKey.findMany({ where: { role: "log" }, orderBy: { id: "desc" } });
  return keys.map(({ publicKey }) => new Uint8Array(publicKey));
}
