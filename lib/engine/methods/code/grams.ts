import { giveBack } from "./column";

/**
 * Symbols in one run. Twelve are two or three statements: measured on labelled pairs, shorter runs are shared by
 * chance, longer ones are cut too often by a single edit.
 */
export const gramLength = 12;

const base = 0x9e3779b1;

/** The same mixing on every machine (xor-shift-multiply of 32 bits). */
function mixed(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Rolling polynomial hash (mod 2^32) of every run of `gramLength` symbols that lies inside one unit. */
export function gramsOf(
  symbols: Uint32Array,
  units: readonly { readonly from: number; readonly to: number }[],
): { readonly hashes: Uint32Array; readonly startsGram: Uint8Array } {
  const hashes = new Uint32Array(symbols.length);
  const startsGram = new Uint8Array(symbols.length);
  let leading = 1;
  for (let i = 1; i < gramLength; i++) leading = Math.imul(leading, base);
  for (const { from, to } of units) {
    if (to - from < gramLength) continue;
    let hash = 0;
    for (let at = from; at < to; at++) {
      const gone = at - gramLength;
      if (gone >= from) hash = (hash - Math.imul(mixed(symbols[gone] as number), leading)) | 0;
      hash = (Math.imul(hash, base) + mixed(symbols[at] as number)) | 0;
      const start = at - gramLength + 1;
      if (start < from) continue;
      hashes[start] = mixed(hash);
      startsGram[start] = 1;
    }
  }
  return { hashes, startsGram };
}

/** Starts of all runs, by hash and then by position (radix sort, 16 bits a pass: linear whatever the input). */
export function sortedByHash(hashes: Uint32Array, startsGram: Uint8Array): Uint32Array {
  let count = 0;
  for (const starts of startsGram) count += starts;
  let order = new Uint32Array(count);
  let next = 0;
  for (let at = 0; at < startsGram.length; at++) if (startsGram[at] === 1) order[next++] = at;
  for (const shift of [0, 16]) {
    const ends = new Uint32Array(65_537);
    for (const at of order) ends[(((hashes[at] as number) >>> shift) & 0xffff) + 1]! += 1;
    for (let i = 1; i < ends.length; i++) ends[i]! += ends[i - 1] as number;
    const sorted = new Uint32Array(count);
    for (const at of order) {
      const bucket = ((hashes[at] as number) >>> shift) & 0xffff;
      sorted[ends[bucket]!++] = at;
    }
    giveBack(order);
    order = sorted;
  }
  return order;
}
