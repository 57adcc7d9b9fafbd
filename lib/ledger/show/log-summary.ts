import { formatVerifierKey, publicKeyOfSpki, signatureTypes } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";

/** One of the log's keys, with the time of its use. */
export interface LogKeyUse {
  /** Verifier key (signed-note). */
  readonly verifierKey: string;
  readonly since: string;
  /** When its successor was named; null for the newest. */
  readonly replacedAt: string | null;
  /** Its line stands under the newest checkpoint: after a rotation the old key signs beside the new one for a while. */
  readonly signs: boolean;
}

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
  /** The same key as SubjectPublicKeyInfo, base64, and its key id in hex. */
  readonly spki: string;
  readonly keyId: string;
  /** All keys that the log ever had, the newest first: an older checkpoint stays signed by the key of its time. */
  readonly keys: readonly LogKeyUse[];
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
  const [checkpoint, keys, witnesses, timestamp, example] = await Promise.all([
    db.logCheckpoint.findUnique({ where: { size } }),
    keysOf(db, state.origin, size),
    latestWitnesses(db),
    db.logTimestamp.findFirst({ orderBy: [{ size: "desc" }, { authority: "asc" }] }),
    recentWhole(db, size),
  ]);
  const key = keys.find(({ signs }) => signs);
  if (checkpoint === null || key === undefined) return null;
  return {
    origin: state.origin,
    size: Number(size),
    root: Buffer.from(checkpoint.root).toString("base64"),
    checkpointAt: checkpoint.createdAt.toISOString(),
    verifierKey: key.verifierKey,
    spki: Buffer.from(key.spki).toString("base64"),
    keyId: idOf(key.verifierKey),
    keys: keys.map(({ spki: _, ...use }) => use),
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

async function keysOf(
  db: Database,
  origin: string,
  size: bigint,
): Promise<readonly (LogKeyUse & { readonly spki: Uint8Array })[]> {
  const [rows, lines] = await Promise.all([
    db.logKey.findMany({ where: { role: "log" }, orderBy: { id: "desc" } }),
    db.logSignature.findMany({ where: { size, signer: "log" }, select: { keyId: true } }),
  ]);
  return rows.map(({ publicKey, createdAt }, at) => {
    const spki = new Uint8Array(publicKey);
    const verifierKey = formatVerifierKey(origin, signatureTypes.note, publicKeyOfSpki(spki));
    return {
      verifierKey,
      spki,
      since: createdAt.toISOString(),
      replacedAt: rows[at - 1]?.createdAt.toISOString() ?? null,
      signs: lines.some((line) => line.keyId === idOf(verifierKey)),
    };
  });
}

const idOf = (verifierKey: string): string => verifierKey.split("+")[1] ?? "";
