import type { CodeIndex } from "./code-index";
import { gramLength } from "./grams";

/** Hashes of all runs of a release, ascending, each once. */
export function runSet({ hashes }: CodeIndex): Uint32Array {
  return distinct(hashes);
}

/** Each of ascending hashes once. */
export function distinct(hashes: Uint32Array): Uint32Array {
  const set = new Uint32Array(hashes.length);
  let count = 0;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number;
    if (count === 0 || set[count - 1] !== hash) set[count++] = hash;
  }
  return set.slice(0, count);
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
  const starts = new Uint8Array(index.symbols.length);
  for (const set of sets) markShared(index, set, starts);
  const explained = new Uint8Array(starts.length);
  let until = 0;
  for (let at = 0; at < explained.length; at++) {
    if (starts[at] === 1) until = at + gramLength;
    if (at < until) explained[at] = 1;
  }
  return explained;
}

/** Both are sorted by hash: one walk along the two. */
function markShared({ order, hashes }: CodeIndex, set: Uint32Array, starts: Uint8Array): void {
  let next = 0;
  for (let i = 0; i < hashes.length; i++) {
    const hash = hashes[i] as number;
    while (next < set.length && (set[next] as number) < hash) next += 1;
    if (set[next] === hash) starts[order[i] as number] = 1;
  }
}
