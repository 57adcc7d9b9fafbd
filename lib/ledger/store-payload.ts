import { randomBytes } from "node:crypto";
import type { Transaction } from "@/lib/platform/database";
import { payloadDigest } from "./payload";

/**
 * Keeps what a person wrote apart from the statement that cites it, under a salt of its own: erasing the row erases
 * every means to confirm a guess. Returns the digest for the statement. The same text twice gives two digests.
 */
export async function storePayload(tx: Transaction, content: Uint8Array | string): Promise<string> {
  const bytes = new Uint8Array(Buffer.from(content as string));
  const salt = new Uint8Array(randomBytes(32));
  const digest = payloadDigest(salt, bytes);
  await tx.logPayload.create({ data: { digest, salt, bytes } });
  return digest;
}
