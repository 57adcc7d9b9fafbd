import { createHash } from "node:crypto";

const label = Buffer.from("slipmark/payload/v1\n", "utf8");

/**
 * SHA256("slipmark/payload/v1\n" ‖ salt ‖ u64be(len) ‖ bytes) as "sha256:" + hex.
 * Salt and length stand before the bytes, so no two (salt, bytes) pairs share a preimage once the salt has 32 bytes.
 */
export function payloadDigest(salt: Uint8Array, bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(payloadPreimage(salt, bytes)).digest("hex")}`;
}

/** What is hashed, and published under its hash: "slipmark/payload/v1\n" ‖ salt ‖ u64be(len) ‖ bytes. */
export function payloadPreimage(salt: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (salt.length !== 32) throw new RangeError("a payload salt has 32 bytes");
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return new Uint8Array(Buffer.concat([label, salt, length, bytes]));
}
