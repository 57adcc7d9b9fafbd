import { createHash, createHmac } from "node:crypto";
import type { CommitmentInput } from "@/lib/registry";

const sha256 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]) => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

/** Merkle tree hash of RFC 6962, 2.1, over leaf contents. */
function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length <= 1) return sha256(Buffer.of(0), leaves[0] ?? Buffer.alloc(0));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/**
 * The commitment of the example author: 24 random-label items in the format of docs/CANARIES. Everything, the secret
 * too, comes from a public seed text, so it protects nothing; it shows what a commitment looks like.
 */
export function exampleCommitment(): CommitmentInput {
  const text = (value: string) => Buffer.from(value);
  const seed = sha256(text("slipmark example canary seed"));
  const setId = sha256(text("slipmark example canary set")).subarray(0, 16);
  const authorKeyId = sha256(text("slipmark example author key"));
  const options = Array.from({ length: 16 }, (_, index) => `colour-${index + 1}`);
  const items = 24;
  const leaves = Array.from({ length: items }, (_, index) => {
    const item = text(
      JSON.stringify({ id: `item-${index + 1}`, options, prompt: `Which colour has token ${index + 1}?` }),
    );
    const salt = hmac(seed, text("slipmark/canary-salt/v1\n"), setId, u32(index));
    const target = hmac(seed, text("slipmark/canary-target-key/v1\n"), setId, u32(index));
    const head = [text("slipmark/canary-item/v1\n"), authorKeyId, setId, u32(index), salt, target];
    return sha256(...head, u64(item.length), item);
  });
  const root = merkleRoot(leaves).toString("hex");
  return { setId: setId.toString("hex"), root, items, kind: "random-label" };
}
