import { createHash } from "node:crypto";

/**
 * What stands for the author in every item's hash when they have no key of their own: SHA-256 over a label and the
 * account's id. With a key it is the SHA-256 of its SubjectPublicKeyInfo, and the commitment has to be signed by it.
 */
export function authorKeyIdOf(userId: string): string {
  return createHash("sha256").update("slipmark/account/v1\n").update(userId).digest("hex");
}
