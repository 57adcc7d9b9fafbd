import { canonicalJson, sha256Hex } from "@/lib/engine/formats/canonical-json";
import { formatProof, inclusionProof } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";
import { checkpointAt, logVerifierKeys } from "../log/read";
import { payloadPreimage } from "../payload";
import { redactionOfEntry } from "../redaction/read-redaction";
import { bundleTexts } from "./bundle-texts";
import { citedPayloads } from "./cited-payloads";
import { envelopeOf, pemOf } from "./envelope";
import { zipBundle } from "./zip-bundle";

/** What the instance knows of those who vouch for its checkpoints: their keys do not stand in the tables. */
export interface Vouchers {
  /** Verifier keys (signed-note) of the configured witnesses. */
  readonly witnessKeys: readonly string[];
  /** Certificates (PEM) under which an authority's tokens are checked; null when not kept. */
  readonly timestampRoots: string | null;
}

interface Reader {
  readonly db: Database;
}

/** The bundle of an entry as a zip file; null while no published checkpoint covers it. */
export async function entryBundle(
  ctx: Reader,
  index: number,
  vouchers: Vouchers = { witnessKeys: [], timestampRoots: null },
): Promise<{ readonly name: string; readonly zip: Uint8Array<ArrayBuffer>; readonly sha256: string } | null> {
  const files = await bundleFiles(ctx, index, vouchers);
  if (files === null) return null;
  const zip = zipBundle(files);
  return { name: `entry-${index}.zip`, zip, sha256: sha256Hex(zip) };
}

/** The files of a bundle by name: the same state of the log gives the same bytes. */
export async function bundleFiles(
  { db }: Reader,
  index: number,
  vouchers: Vouchers,
): Promise<ReadonlyMap<string, Uint8Array> | null> {
  const [entry, state] = await Promise.all([
    db.logEntry.findUnique({ where: { index: BigInt(index) } }),
    db.logState.findUnique({ where: { id: 1 } }),
  ]);
  if (entry === null || state === null || entry.index >= state.publishedSize) return null;
  const size = await bestSize(db, entry.index, state.publishedSize);
  const [stated, checkpoint] = await Promise.all([
    db.logStatement.findUnique({ where: { index: entry.index } }),
    signedCheckpoint(db, size),
  ]);
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array) =>
    files.set(name, typeof content === "string" ? Buffer.from(content, "utf8") : content);
  put("leaf.json", entry.leaf);
  const cited = stated === null ? [] : citedPayloads(stated.statement);
  if (stated !== null) {
    put("statement.json", envelopeOf(stated.statement, entry.leaf, stated.publicKey));
    put("public-key.pem", pemOf(stated.publicKey));
    await putPayloads(db, cited, put);
  }
  const gone = cited.filter((digest) => !files.has(`payloads/${digest}`));
  if (stated === null || gone.length > 0) {
    const tombstone = (await redactionOfEntry(db, entry.dedupKey))?.tombstone ?? null;
    // Until the tombstone stands in the log there is nothing to show for what is missing.
    if (tombstone === null) return null;
    put("redacted.json", canonicalJson({ payloads: gone, statement: stated === null, tombstone }));
  }
  const hashes = await inclusionProof(index, Number(size), async (tile) => {
    const row = await db.logTile.findUnique({
      where: { level_index: { level: tile.level, index: BigInt(tile.index) } },
    });
    if (row === null) throw new Error(`tile ${tile.level}/${tile.index} is missing`);
    return row.bytes.subarray(0, tile.width * 32);
  });
  put("entry.tlog-proof", formatProof({ index, hashes, checkpoint: checkpoint.note }));
  put("log.vkey", lines(checkpoint.logKeys));
  put("witnesses.vkeys", lines(checkpoint.signers(vouchers.witnessKeys)));
  const stamp = vouchers.timestampRoots === null ? null : await timestampAt(db, size);
  if (stamp !== null && vouchers.timestampRoots !== null) {
    put("timestamp.tsr", stamp.token);
    put("timestamp.note", stamp.note);
    put("timestamp-ca.pem", vouchers.timestampRoots);
  }
  const { readme, verify } = bundleTexts();
  put("README.txt", readme);
  put("verify.py", verify);
  return files;
}

/**
 * The checkpoint that says most about an entry: the earliest over it that was both witnessed and dated from outside,
 * else dated, else witnessed, else the newest. Once one of the first is there, the bundle stays as it is.
 */
async function bestSize(db: Database, index: bigint, published: bigint): Promise<bigint> {
  const [row] = await db.$queryRaw<{ both: bigint | null; dated: bigint | null; witnessed: bigint | null }[]>`
    SELECT
      (SELECT min(t.size) FROM log_timestamp t WHERE t.size > ${index} AND t.size <= ${published}
        AND EXISTS (SELECT 1 FROM log_signature s WHERE s.size = t.size AND s.signer = 'witness')) AS both,
      (SELECT min(size) FROM log_timestamp WHERE size > ${index} AND size <= ${published}) AS dated,
      (SELECT min(size) FROM log_signature
        WHERE signer = 'witness' AND size > ${index} AND size <= ${published}) AS witnessed`;
  return row?.both ?? row?.dated ?? row?.witnessed ?? published;
}

async function signedCheckpoint(db: Database, size: bigint) {
  const [checkpoint, signatures, logKeys] = await Promise.all([
    checkpointAt(db, Number(size)),
    db.logSignature.findMany({ where: { size }, select: { name: true, keyId: true } }),
    logVerifierKeys(db),
  ]);
  if (checkpoint === null) throw new Error(`the checkpoint of ${size} entries is not signed`);
  /** Of some verifier keys those that have signed it. */
  const signers = (keys: readonly string[]) =>
    keys.filter((key) => {
      const [name, id] = key.split("+");
      return signatures.some((line) => line.name === name && line.keyId === id);
    });
  return { note: checkpoint.note, logKeys: signers(logKeys), signers };
}

async function putPayloads(
  db: Database,
  digests: readonly string[],
  put: (name: string, content: Uint8Array) => void,
): Promise<void> {
  const rows = await db.logPayload.findMany({
    where: { digest: { in: digests.map((digest) => `sha256:${digest}`) } },
  });
  for (const { digest, salt, bytes } of rows)
    put(`payloads/${digest.slice("sha256:".length)}`, payloadPreimage(salt, bytes));
}

async function timestampAt(db: Database, size: bigint) {
  return db.logTimestamp.findFirst({ where: { size }, orderBy: { authority: "asc" } });
}

const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join("");
