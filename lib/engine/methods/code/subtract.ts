import type { CodeIndex } from "./code-index";
import { gramLength } from "./grams";

/** Hashes of all runs of a release, ascending, each once. */
export function runSet(index: CodeIndex): Uint32Array {
  const hashes: Uint32Array = new Uint32Array(index.order.length);
  let count = 0;
  for (const start of index.order) {
    const hash = index.hashes[start] as number;
    if (count === 0 || hashes[count - 1] !== hash) hashes[count++] = hash;
  }
  return hashes.slice(0, count);
}

export function contains(sorted: Uint32Array, hash: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < hash) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === hash;
}

/** 1 for every token that stands in a run which one of the given sets has too: what an ancestor explains. */
export function explainedTokens(index: CodeIndex, sets: readonly Uint32Array[]): Uint8Array {
  const explained = new Uint8Array(index.symbols.length);
  if (sets.length === 0) return explained;
  let until = 0;
  for (let at = 0; at < explained.length; at++) {
    if (index.startsGram[at] === 1 && sets.some((set) => contains(set, index.hashes[at] as number))) {
      until = at + gramLength;
    }
    if (at < until) explained[at] = 1;
  }
  return explained;
}
