import type { CodeIndex } from "./code-index";

/** Hashes that both sides have, by number: where their runs stand in B's order, and how many each side has. */
export interface SharedHashes {
  /** For each token of A the number, plus one, of the hash of the run that starts there; 0 where B has none like it. */
  readonly groupOf: Uint32Array;
  readonly startB: Uint32Array;
  readonly sizeA: Uint32Array;
  readonly sizeB: Uint32Array;
}

const limits = { seeds: 6_000_000, perGram: 256 } as const;

/** Merge join of both sides' runs by hash. */
export function sharedHashes(a: CodeIndex, b: CodeIndex): SharedHashes {
  const groupOf = new Uint32Array(a.symbols.length);
  const most = Math.min(a.hashes.length, b.hashes.length);
  const [startB, sizeA, sizeB] = [new Uint32Array(most), new Uint32Array(most), new Uint32Array(most)];
  let [i, j, groups] = [0, 0, 0];
  while (i < a.hashes.length && j < b.hashes.length) {
    const [mine, theirs] = [a.hashes[i] as number, b.hashes[j] as number];
    if (mine < theirs) i += 1;
    else if (mine > theirs) j += 1;
    else {
      const [fromA, fromB] = [i, j];
      while (i < a.hashes.length && a.hashes[i] === mine) groupOf[a.order[i++] as number] = groups + 1;
      while (j < b.hashes.length && b.hashes[j] === mine) j += 1;
      startB[groups] = fromB;
      sizeA[groups] = i - fromA;
      sizeB[groups++] = j - fromB;
    }
  }
  const cut = (values: Uint32Array) => values.subarray(0, groups);
  return { groupOf, startB: cut(startB), sizeA: cut(sizeA), sizeB: cut(sizeB) };
}

/**
 * Counterparts [low, high) that the run of this rank on its own side meets: all where the two sides have few, else those
 * of like rank.
 */
export function reachOf(rank: number, sizeA: number, sizeB: number, perGram: number) {
  if (sizeA * sizeB <= perGram) return { low: 0, high: sizeB };
  const reach = Math.max(1, Math.floor(perGram / (4 * Math.max(sizeA, sizeB))));
  const near = Math.floor((rank * sizeB) / sizeA);
  return { low: Math.max(0, near - reach), high: Math.min(sizeB, near + reach + 1) };
}

/** How many meetings one hash may make, so that all together stay within bounds. */
export function meetingsPerHash({ sizeA, sizeB }: SharedHashes): number {
  for (let perGram: number = limits.perGram; ; perGram = Math.floor(perGram / 4)) {
    let seeds = 0;
    for (let group = 0; group < sizeA.length; group++) {
      const [mine, theirs] = [sizeA[group] as number, sizeB[group] as number];
      if (mine * theirs <= perGram) {
        seeds += mine * theirs;
        continue;
      }
      for (let rank = 0; rank < mine; rank++) {
        const { low, high } = reachOf(rank, mine, theirs, perGram);
        seeds += high - low;
      }
    }
    if (seeds <= limits.seeds || perGram <= 4) return perGram;
  }
}
