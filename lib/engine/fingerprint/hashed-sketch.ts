import { createHash } from "node:crypto";

/**
 * CountSketch with one hash an element, for samples and small matrices (whole tensors go through the block-circulant
 * kernel). Source: Charikar, Chen, Farach-Colton, "Finding frequent items in data streams" (ICALP 2002).
 */

/** A 32-bit seed from public words. */
export function sketchSeed(...words: readonly (string | number)[]): number {
  return createHash("sha256")
    .update(`slipmark.fingerprint/v1\n${words.join("\n")}`)
    .digest()
    .readUInt32BE(0);
}

/** The finaliser of MurmurHash3 (A. Appleby, public domain): every input bit reaches every output bit. */
export function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Adds a value under a 32-bit key; `sums.length` is a power of two. */
export function addToSketch(sums: Float64Array, key: number, value: number): void {
  const bucket = key & (sums.length - 1);
  sums[bucket] = (sums[bucket] as number) + (key & 0x80000000 ? -value : value);
}

/** Sketch of a run of a matrix, keyed by row and column. */
export function sketchRun(
  values: Float32Array,
  {
    start,
    cols,
    seed,
    width,
  }: { readonly start: number; readonly cols: number; readonly seed: number; readonly width: number },
): Float64Array {
  const sums = new Float64Array(width);
  let row = Math.floor(start / cols);
  let column = start - row * cols;
  let rowKey = mixed(row ^ seed);
  for (const value of values) {
    addToSketch(sums, mixed(rowKey + Math.imul(column, 0x9e3779b1)), value);
    column += 1;
    if (column === cols) {
      column = 0;
      row += 1;
      rowKey = mixed(row ^ seed);
    }
  }
  return sums;
}
