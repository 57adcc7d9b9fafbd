import { sortTogether } from "./radix";

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

/** A stretch of tokens that belong together: no run crosses its ends. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Grams {
  /** Starts of runs, sorted by hash, then by position. */
  readonly order: Uint32Array;
  /** The hash of each of `order`. */
  readonly hashes: Uint32Array;
}

/** Every run of `gramLength` symbols that lies inside one unit. */
export function gramsOf(symbols: Uint32Array, units: readonly Stretch[]): Grams {
  const hashes = runHashes(symbols, units);
  const order = new Uint32Array(hashes.length);
  let next = 0;
  for (const { from, to } of units) for (let at = from; at <= to - gramLength; at++) order[next++] = at;
  sortTogether(hashes, order);
  return { order, hashes };
}

/** Rolling polynomial hash (mod 2^32) of each of those runs, in their order. */
export function runHashes(symbols: Uint32Array, units: readonly Stretch[]): Uint32Array {
  let count = 0;
  for (const { from, to } of units) count += Math.max(0, to - from - gramLength + 1);
  const hashes = new Uint32Array(count);
  let leading = 1;
  for (let i = 1; i < gramLength; i++) leading = Math.imul(leading, base);
  let next = 0;
  for (const { from, to } of units) {
    if (to - from < gramLength) continue;
    let hash = 0;
    for (let at = from; at < to; at++) {
      const gone = at - gramLength;
      if (gone >= from) hash = (hash - Math.imul(mixed(symbols[gone] as number), leading)) | 0;
      hash = (Math.imul(hash, base) + mixed(symbols[at] as number)) | 0;
      if (at - from >= gramLength - 1) hashes[next++] = mixed(hash);
    }
  }
  return hashes;
}
