import { createHash } from "node:crypto";

/**
 * The Merkle tree hash of RFC 6962, section 2.1, over a list of 32-byte digests d(0) … d(n−1), as lower-case hex:
 * an entry is SHA-256(0x00 ‖ d), a node SHA-256(0x01 ‖ left ‖ right), the left side takes the largest power of two
 * smaller than n, and no entry at all gives SHA-256 of nothing. d(i) is the plain SHA-256 of the i-th leaf: 1 MiB of the
 * tensor's bytes counted from the tensor's own first byte, the last leaf being whatever is left.
 */
export function merkleRoot(digests: Uint8Array): string {
  const count = digests.length / 32;
  if (!Number.isSafeInteger(count)) throw new RangeError("digests are 32 bytes each");
  if (count === 0) return createHash("sha256").digest("hex");
  // Roots of complete subtrees, largest first, as a binary counter; merged from the right at the end.
  const stack: { size: number; hash: Buffer }[] = [];
  for (let i = 0; i < count; i++) {
    let hash = hashOf(entryPrefix, digests.subarray(i * 32, (i + 1) * 32));
    let size = 1;
    for (let last = stack.at(-1); last?.size === size; last = stack.at(-1)) {
      hash = hashOf(nodePrefix, last.hash, hash);
      size *= 2;
      stack.pop();
    }
    stack.push({ size, hash });
  }
  return stack
    .map(({ hash }) => hash)
    .reduceRight((right, left) => hashOf(nodePrefix, left, right))
    .toString("hex");
}

const entryPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

function hashOf(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
