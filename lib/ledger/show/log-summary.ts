import { parseVerifierKey, spkiOf } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";
import { logVerifierKeys } from "../log/read";

export interface LogSummary {
  /** The log's name, fixed at its first entry. */
  readonly origin: string;
  /** Entries under the newest published checkpoint. */
  readonly size: number;
  /** Root hash of that checkpoint, base64. */
  readonly root: string;
  readonly checkpointAt: string;
  /** The verifier key (signed-note) whose signature stands under the newest checkpoint. */
  readonly verifierKey: string;
  /** The same key as SubjectPublicKeyInfo, base64. */
  readonly spki: string;
  readonly witnesses: readonly { readonly name: string; readonly size: number; readonly time: string }[];
  readonly timestamp: { readonly authority: string; readonly size: number; readonly time: string } | null;
  /** A recent entry to try commands on: whole, and signed by a key of the instance. */
  readonly example: number | null;
}

/** Where the log stands; null before its first published checkpoint. */
export async function logSummary(ctx: { readonly db: Database }): Promise<LogSummary | null> {
  const { db } = ctx;
  const state = await db.logState.findUnique({ where: { id: 1 } });
  if (state === null || state.publishedSize === 0n) return null;
  const size = state.publishedSize;
  const [checkpoint, key, witnesses, timestamp, example] = await Promise.all([
    db.logCheckpoint.findUnique({ where: { size } }),
    signingKey(db, size),
    latestWitnesses(db),
    db.logTimestamp.findFirst({ orderBy: [{ size: "desc" }, { authority: "asc" }] }),
    recentWhole(db, size),
  ]);
  if (checkpoint === null || key === null) return null;
  return {
    origin: state.origin,
    size: Number(size),
    root: Buffer.from(checkpoint.root).toString("base64"),
    checkpointAt: checkpoint.createdAt.toISOString(),
    verifierKey: key,
    spki: Buffer.from(spkiOf(parseVerifierKey(key).publicKey)).toString("base64"),
    witnesses,
    timestamp:
      timestamp === null
        ? null
        : {
            authority: timestamp.authority,
            size: Number(timestamp.size),
            time: timestamp.time.toISOString(),
          },
    example,
  };
}

/** The newest checkpoint that each witness has signed, of those that signed lately. */
export async function latestWitnesses(db: Database): Promise<LogSummary["witnesses"]> {
  const rows = await db.logSignature.findMany({
    where: { signer: "witness" },
    orderBy: [{ size: "desc" }, { name: "asc" }],
    take: 200,
  });
  const newest = new Map(rows.toReversed().map((row) => [row.name, row]));
  return [...newest.values()]
    .map(({ name, size, time, createdAt }) => ({
      name,
      size: Number(size),
      time: (time ?? createdAt).toISOString(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function recentWhole(db: Database, size: bigint): Promise<number | null> {
  const keys = await db.logKey.findMany({ select: { publicKey: true } });
  const found = await db.logStatement.findFirst({
    where: { index: { lt: size }, publicKey: { in: keys.map((key) => key.publicKey) } },
    orderBy: { index: "desc" },
    select: { index: true },
  });
  return found === null ? null : Number(found.index);
}

/** The log's key whose signature stands under a checkpoint; the newer one while one takes over from another. */
async function signingKey(db: Database, size: bigint): Promise<string | null> {
  const [keys, lines] = await Promise.all([
    logVerifierKeys(db),
    db.logSignature.findMany({ where: { size, signer: "log" }, select: { keyId: true } }),
  ]);
  return keys.find((key) => lines.some((line) => line.keyId === key.split("+")[1])) ?? null;
}
