import { pae, statementMediaType, utf8 } from "@/lib/engine/log";
import type { Database } from "@/lib/platform/database";
import { payloadPreimage } from "../payload";

type Reader = Pick<Database, "logEntry" | "logStatement" | "logPayload">;

/**
 * The published bytes behind a hash that stands in the log: a statement's DSSE pre-authentication encoding, or the
 * preimage of a payload's digest, so that plain sha256sum checks either. Null when the log has published neither.
 */
export async function ledgerBlob(db: Reader, sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const entry = await db.logEntry.findFirst({ where: { pae: sha256 }, select: { index: true } });
  if (entry !== null) {
    const stated = await db.logStatement.findUnique({
      where: { index: entry.index },
      select: { statement: true },
    });
    return stated === null ? null : new Uint8Array(pae(statementMediaType, utf8(stated.statement)));
  }
  // Nobody can name a payload who has not read the statement that cites it: its digest is salted.
  const payload = await db.logPayload.findUnique({ where: { digest: `sha256:${sha256}` } });
  return payload === null ? null : payloadPreimage(payload.salt, payload.bytes);
}
