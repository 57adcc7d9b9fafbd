/**
 * CountSketch with one hash an element, where elements have keys of their own (rows of matrices go through the
 * block-circulant kernel). Source: Charikar, Chen, Farach-Colton, "Finding frequent items in data streams" (ICALP 2002).
 */

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
