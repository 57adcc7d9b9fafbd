import type { CodeIndex } from "./code-index";
import { giveBack } from "./column";
import { gramLength } from "./grams";
import { sortTogether } from "./radix";
import { meetingsPerHash, reachOf, type SharedHashes, sharedHashes } from "./shared-hashes";

/** Maximal runs of equal symbols: tokens [a[i], a[i] + length[i]) of one side, [b[i], b[i] + length[i]) of the other. */
export interface Runs {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly length: Uint32Array;
  /** Pairs of units that share runs, by unit of A, then of B: pair p has the runs pairs[p] … pairs[p + 1] − 1. */
  readonly pairs: Uint32Array;
}

/**
 * All maximal runs of equal symbols of at least `gramLength` inside one unit of each side. Cost is bounded: a run that
 * occurs often meets only its nearest counterparts in order. Columns, not objects: two releases can share millions.
 */
export function findRuns(a: CodeIndex, b: CodeIndex): Runs {
  const shared = sharedHashes(a, b);
  const found = joinSeeds(a, b, shared);
  giveBack(...Object.values(shared));
  let count = 0;
  for (let run = 0; run < found.count; run++) {
    const [startA, startB] = [found.a[run] as number, found.b[run] as number];
    const length = (found.length[run] as number) + gramLength - 1;
    // Hashes of 32 bits collide now and then; a run counts only if its symbols are really equal.
    if (!sameSymbols(a, b, startA, startB, length)) continue;
    found.a[count] = startA;
    found.b[count] = startB;
    found.length[count++] = length;
  }
  const runs = byPair(a, b, found, count);
  giveBack(found.a, found.b, found.length);
  return runs;
}

/** Runs while they are found; `length` counts seeds. */
class FoundRuns {
  count = 0;
  a = new Uint32Array(4_096);
  b = new Uint32Array(4_096);
  length = new Uint32Array(4_096);

  start(a: number, b: number): number {
    const run = this.count++;
    if (run === this.a.length) {
      this.a = doubled(this.a);
      this.b = doubled(this.b);
      this.length = doubled(this.length);
    }
    this.a[run] = a;
    this.b[run] = b;
    this.length[run] = 1;
    return run;
  }
}

function doubled({ buffer }: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return new Uint32Array(buffer.transfer(buffer.byteLength * 2));
}

/**
 * Joins neighbouring seeds on a diagonal into runs. Seeds come in the order of A, so that the run which a seed
 * continues is the last one of its diagonal: nothing is sorted, and no seed is kept.
 */
function joinSeeds(a: CodeIndex, b: CodeIndex, shared: SharedHashes): FoundRuns {
  const found = new FoundRuns();
  const { groupOf, startB, sizeA, sizeB } = shared;
  const sizeOfA = a.symbols.length;
  const lastOf = new Uint32Array(sizeOfA + b.symbols.length);
  const ranks = new Uint32Array(startB.length);
  const perGram = meetingsPerHash(shared);
  for (let at = 0; at < sizeOfA; at++) {
    const group = (groupOf[at] as number) - 1;
    if (group === -1) continue;
    const rank = ranks[group]!++;
    const [mine, theirs, from] = [sizeA[group] as number, sizeB[group] as number, startB[group] as number];
    const { low, high } = reachOf(rank, mine, theirs, perGram);
    for (let i = from + low; i < from + high; i++) {
      const to = b.order[i] as number;
      const diagonal = sizeOfA + to - at;
      const run = (lastOf[diagonal] as number) - 1;
      if (run !== -1 && at === (found.a[run] as number) + (found.length[run] as number))
        found.length[run]! += 1;
      else lastOf[diagonal] = found.start(at, to) + 1;
    }
  }
  giveBack(lastOf, ranks);
  return found;
}

/** The first `count` runs in the order of the pairs of units they stand in. */
function byPair(a: CodeIndex, b: CodeIndex, runs: Omit<Runs, "pairs">, count: number): Runs {
  const order = new Uint32Array(count);
  const unitB = new Uint32Array(count);
  for (let run = 0; run < count; run++) {
    order[run] = run;
    unitB[run] = b.unitOf[runs.b[run] as number] as number;
  }
  sortTogether(unitB, order);
  const unitA = new Uint32Array(count);
  for (let at = 0; at < count; at++) unitA[at] = a.unitOf[runs.a[order[at] as number] as number] as number;
  sortTogether(unitA, order);
  const sorted = {
    a: new Uint32Array(count),
    b: new Uint32Array(count),
    length: new Uint32Array(count),
  };
  const pairs = new Uint32Array(count + 1);
  let [next, lastB] = [0, -1];
  for (let at = 0; at < count; at++) {
    const run = order[at] as number;
    sorted.a[at] = runs.a[run] as number;
    sorted.b[at] = runs.b[run] as number;
    sorted.length[at] = runs.length[run] as number;
    const unit = b.unitOf[sorted.b[at] as number] as number;
    if (at === 0 || unitA[at] !== unitA[at - 1] || unit !== lastB) pairs[next++] = at;
    lastB = unit;
  }
  pairs[next++] = count;
  giveBack(order, unitA, unitB);
  return { ...sorted, pairs: pairs.slice(0, next) };
}

function sameSymbols(a: CodeIndex, b: CodeIndex, startA: number, startB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a.symbols[startA + i] !== b.symbols[startB + i]) return false;
  return true;
}
