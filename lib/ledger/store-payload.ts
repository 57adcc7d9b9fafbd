import { randomBytes } from "node:crypto";
import type { Transaction } from "@/lib/platform/database";
import { payloadDigest } from "./payload";

/**
 * Keeps what a person wrote apart from the statement that cites it, under a salt of its own: erasing the row erases
 * every means to confirm a guess. Returns the digest for the statement. The same text twice gives two digests.
 */
export async function storePayload(tx: Transaction, content: Uint8Array | string): Promise<string> {
  const payload = newPayload(content);
  await tx.logPayload.create({ data: payload });
  return payload.digest;
}

/** Content under a fresh salt, as it is stored. */
export function newPayload(content: Uint8Array | string) {
  const bytes = new Uint8Array(Buffer.from(content as string));
  const salt = new Uint8Array(randomBytes(32));
  return { digest: payloadDigest(salt, bytes), salt, bytes };
}
