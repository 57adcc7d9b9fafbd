import { concat, equal, requireIndex } from "./bytes";
import { LogError } from "./errors";
import { sha256 } from "./hashing";

/** Bytes of a hash. */
export const hashSize = 32;

/** SHA-256(0x00 ‖ entry), 32 bytes (RFC 6962, section 2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(entry.length + 1);
  input.set(entry, 1);
  return sha256(input);
}

/** SHA-256(0x01 ‖ left ‖ right), 32 bytes (RFC 6962, section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * hashSize);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + hashSize);
  return sha256(input);
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0));

/** Root over leaf hashes (or over the roots of equally large full subtrees), any number of them. */
export function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot;
  // Pairing level by level with the odd one carried up gives RFC 6962's tree: its left part is a full power of two.
  let level = [...hashes];
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Uint8Array, level[at + 1]];
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    level = above;
  }
  return level[0] as Uint8Array;
}

/**
 * Checks that the entry with `leafHash` stands at `index` in the tree of `size` leaves with `root`
 * (RFC 9162, section 2.1.3.2). Throws LogError "bad-proof" or "out-of-range".
 */
export function verifyInclusion(claim: {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): void {
  const { index, size, proof, root } = claim;
  requireIndex(index, "the index");
  requireIndex(size, "the size");
  if (index >= size)
    throw new LogError(
      "out-of-range",
      `entry ${index} is not in a tree of ${size} ${size === 1 ? "leaf" : "leaves"}`,
    );
  requireHashes([claim.leafHash, root, ...proof]);
  let node = index;
  let last = size - 1;
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) throw new LogError("bad-proof", "the inclusion proof is too long");
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new LogError("bad-proof", "the inclusion proof is too short");
  if (!equal(hash, root)) throw new LogError("bad-proof", "the inclusion proof leads to another root");
}

/**
 * Checks that the tree of `oldSize` leaves with `oldRoot` is the beginning of the tree of `size` leaves with `root`
 * (RFC 9162, section 2.1.4.2). Throws LogError "bad-proof", "inconsistent" or "out-of-range".
 */
export function verifyConsistency(claim: {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): void {
  const { oldSize, oldRoot, size, root, proof } = claim;
  requireIndex(oldSize, "the old size");
  requireIndex(size, "the size");
  requireHashes([oldRoot, root, ...proof]);
  if (oldSize > size) throw new LogError("inconsistent", `the log shrank from ${oldSize} to ${size} entries`);
  if (oldSize === 0 && !equal(oldRoot, emptyRoot))
    throw new LogError("inconsistent", "the root of no entries is another one");
  if (oldSize === size || oldSize === 0) {
    if (proof.length > 0) throw new LogError("bad-proof", "this consistency proof has to be empty");
    if (oldSize === size && !equal(oldRoot, root))
      throw new LogError("inconsistent", `two different trees of ${size} entries`);
    return;
  }
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const [first, ...rest] = path;
  if (first === undefined) throw new LogError("bad-proof", "the consistency proof is too short");
  let node = oldSize - 1;
  let last = size - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let oldHash = first;
  let newHash = first;
  for (const hash of rest) {
    if (last === 0) throw new LogError("bad-proof", "the consistency proof is too long");
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(hash, oldHash);
      newHash = nodeHash(hash, newHash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newHash = nodeHash(newHash, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new LogError("bad-proof", "the consistency proof is too short");
  if (!equal(oldHash, oldRoot))
    throw new LogError(
      "inconsistent",
      `the tree of ${size} entries does not begin with the one of ${oldSize}`,
    );
  if (!equal(newHash, root)) throw new LogError("bad-proof", "the consistency proof leads to another root");
}

/** The largest power of two below `size` (RFC 6962 calls it k). `size` ≥ 2. */
export function splitPoint(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

function isPowerOfTwo(size: number): boolean {
  let k = 1;
  while (k < size) k *= 2;
  return k === size;
}

function requireHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.length > 130) throw new LogError("bad-proof", "a proof of more than 128 hashes");
  for (const hash of hashes)
    if (hash.length !== hashSize) throw new LogError("malformed", `a hash of ${hash.length} bytes`);
}

/** Hashes one after the other, as tiles hold them. */
export const joinHashes = (hashes: readonly Uint8Array[]): Uint8Array => concat(...hashes);

/** The hashes in a tile's bytes. Throws LogError "malformed" when the length is no multiple of 32. */
export function splitHashes(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length % hashSize !== 0) throw new LogError("malformed", `a tile of ${bytes.length} bytes`);
  return Array.from({ length: bytes.length / hashSize }, (_, at) =>
    bytes.subarray(at * hashSize, (at + 1) * hashSize),
  );
}
