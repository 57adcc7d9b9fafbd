import type { CodeIndex } from "./code-index";
import { gramLength } from "./grams";
import { radixSorted } from "./radix";

/** Maximal runs of equal symbols: tokens [a[i], a[i] + length[i]) of one side, [b[i], b[i] + length[i]) of the other. */
export interface Runs {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly length: Uint32Array;
  /** Pairs of units that share runs, by unit of A, then of B: pair p has the runs pairs[p] … pairs[p + 1] − 1. */
  readonly pairs: Uint32Array;
}

const limits = { seeds: 6_000_000, perGram: 256 } as const;

/**
 * All maximal runs of equal symbols of at least `gramLength` inside one unit of each side. Cost is bounded: a run that
 * occurs often meets only its nearest counterparts in order. Columns, not objects: two releases can share millions.
 */
export function findRuns(a: CodeIndex, b: CodeIndex): Runs {
  const { fromA, fromB } = joinSeeds(a, b);
  // Sorted by diagonal, then by position: neighbours on a diagonal are one run.
  const order = sortSeeds(fromA, fromB, a.symbols.length, b.symbols.length);
  const runs = {
    a: new Uint32Array(order.length),
    b: new Uint32Array(order.length),
    length: new Uint32Array(order.length),
  };
  let count = 0;
  let [startA, startB, length] = [-1, -1, 0];
  const close = () => {
    if (length === 0 || !sameSymbols(a, b, startA, startB, length + gramLength - 1)) return;
    runs.a[count] = startA;
    runs.b[count] = startB;
    runs.length[count++] = length + gramLength - 1;
  };
  for (const seed of order) {
    const [at, to] = [fromA[seed] as number, fromB[seed] as number];
    if (length > 0 && at === startA + length && to === startB + length) {
      length += 1;
      continue;
    }
    close();
    [startA, startB, length] = [at, to, 1];
  }
  close();
  return byPair(a, b, runs, count);
}

/** The first `count` runs in the order of the pairs of units they stand in. */
function byPair(a: CodeIndex, b: CodeIndex, runs: Omit<Runs, "pairs">, count: number): Runs {
  const unitA = Uint32Array.from(runs.a.subarray(0, count), (at) => a.unitOf[at] as number);
  const unitB = Uint32Array.from(runs.b.subarray(0, count), (at) => b.unitOf[at] as number);
  const start = Uint32Array.from(unitA, (_, run) => run);
  const order = radixSorted(radixSorted(start, unitB, b.units.length), unitA, a.units.length);
  const pairs: number[] = [];
  let last = -1;
  for (let at = 0; at < count; at++) {
    const run = order[at] as number;
    if (last === -1 || unitA[run] !== unitA[last] || unitB[run] !== unitB[last]) pairs.push(at);
    last = run;
  }
  pairs.push(count);
  const sorted = (values: Uint32Array) => order.map((run) => values[run] as number);
  return {
    a: sorted(runs.a),
    b: sorted(runs.b),
    length: sorted(runs.length),
    pairs: Uint32Array.from(pairs),
  };
}

// Hashes of 32 bits collide now and then; a run counts only if its symbols are really equal.
function sameSymbols(a: CodeIndex, b: CodeIndex, startA: number, startB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a.symbols[startA + i] !== b.symbols[startB + i]) return false;
  return true;
}

/** Merge join of both sides' runs by hash. Frequent runs meet counterparts of like rank only. */
function joinSeeds(a: CodeIndex, b: CodeIndex): { fromA: Uint32Array; fromB: Uint32Array } {
  for (let perGram: number = limits.perGram; ; perGram = Math.floor(perGram / 4)) {
    let count = 0;
    eachSeed(a, b, perGram, () => {
      count += 1;
    });
    if (count > limits.seeds && perGram > 4) continue;
    const fromA = new Uint32Array(count);
    const fromB = new Uint32Array(count);
    let next = 0;
    eachSeed(a, b, perGram, (at, to) => {
      fromA[next] = at;
      fromB[next++] = to;
    });
    return { fromA, fromB };
  }
}

function eachSeed(a: CodeIndex, b: CodeIndex, perGram: number, seed: (at: number, to: number) => void): void {
  let [i, j] = [0, 0];
  while (i < a.order.length && j < b.order.length) {
    const hash = a.hashes[a.order[i] as number] as number;
    const other = b.hashes[b.order[j] as number] as number;
    if (hash < other) i += 1;
    else if (hash > other) j += 1;
    else {
      const endA = endOfGroup(a, i, hash);
      const endB = endOfGroup(b, j, hash);
      const [sizeA, sizeB] = [endA - i, endB - j];
      const all = sizeA * sizeB <= perGram;
      const reach = Math.max(1, Math.floor(perGram / (4 * Math.max(sizeA, sizeB))));
      for (let x = 0; x < sizeA; x++) {
        const near = Math.floor((x * sizeB) / sizeA);
        const [low, high] = all ? [0, sizeB] : [Math.max(0, near - reach), Math.min(sizeB, near + reach + 1)];
        for (let y = low; y < high; y++) seed(a.order[i + x] as number, b.order[j + y] as number);
      }
      [i, j] = [endA, endB];
    }
  }
}

function endOfGroup(index: CodeIndex, from: number, hash: number): number {
  let end = from + 1;
  while (end < index.order.length && index.hashes[index.order[end] as number] === hash) end += 1;
  return end;
}

function sortSeeds(fromA: Uint32Array, fromB: Uint32Array, sizeA: number, sizeB: number): Uint32Array {
  const diagonal = new Uint32Array(fromA.length);
  for (let i = 0; i < fromA.length; i++) diagonal[i] = sizeA + (fromB[i] as number) - (fromA[i] as number);
  const start = Uint32Array.from(fromA, (_, i) => i);
  return radixSorted(radixSorted(start, fromA, sizeA), diagonal, sizeA + sizeB);
}
