/** `order` sorted by `keys` (of entries, none above `limit`), stable: linear whatever the input. */
export function radixSorted(order: Uint32Array, keys: Uint32Array, limit: number): Uint32Array {
  let sorted = order;
  for (let shift = 0; shift < 32 && limit >= 2 ** shift; shift += 12) {
    const ends = new Uint32Array(4_097);
    for (const i of sorted) ends[(((keys[i] as number) >>> shift) & 0xfff) + 1]! += 1;
    for (let i = 1; i < ends.length; i++) ends[i]! += ends[i - 1] as number;
    const next = new Uint32Array(sorted.length);
    for (const i of sorted) next[ends[((keys[i] as number) >>> shift) & 0xfff]!++] = i;
    sorted = next;
  }
  return sorted;
}
