import type { CodeIndex } from "./code-index";
import { gramLength } from "./grams";

/** A run of equal symbols on both sides: tokens [a, a + length) and [b, b + length). */
export interface Tile {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

export interface UnitMatch {
  readonly unitA: number;
  readonly unitB: number;
  /** In the order of `a`; no token is in two tiles of any match. */
  readonly tiles: readonly Tile[];
}

const limits = { seeds: 6_000_000, perGram: 256 } as const;

/**
 * Greedy string tiling over two whole releases (Wise 1993, the algorithm behind JPlag), with hashed runs as seeds.
 * Pairs of units are taken in the order of how much of both they could explain, so that a function meets its own
 * counterpart first and what was split or merged meets the rest. `weightA` and `weightB` say what each token counts.
 * Cost is bounded: a run that occurs often meets only its nearest counterparts in order.
 */
export function tile(a: CodeIndex, b: CodeIndex, weightA: Uint16Array, weightB: Uint16Array): UnitMatch[] {
  const runs = findRuns(a, b);
  const takenA = new Uint8Array(a.symbols.length);
  const takenB = new Uint8Array(b.symbols.length);
  const sumsA = prefixSums(weightA);
  const sumsB = prefixSums(weightB);
  const weigh = (run: Tile) => span(sumsA, run.a, run.length) + span(sumsB, run.b, run.length);
  const result: UnitMatch[] = [];
  for (const { unitA, unitB, list } of orderedPairs(a, b, runs, sumsA, sumsB)) {
    const tiles = fillPair(list, takenA, takenB, weigh);
    if (tiles.length === 0) continue;
    tiles.sort((x, y) => x.a - y.a);
    result.push({
      unitA,
      unitB,
      tiles: [...tiles, ...fillGaps(tiles, a, b, takenA, takenB)].sort((x, y) => x.a - y.a),
    });
  }
  return result;
}

/** Longest first, by weight; what is already taken cuts a run, and the pieces come back while they are long enough. */
function fillPair(
  list: readonly Tile[],
  takenA: Uint8Array,
  takenB: Uint8Array,
  weigh: (run: Tile) => number,
): Tile[] {
  const waiting = list.map((run) => ({ run, weight: weigh(run) }));
  waiting.sort(
    (x, y) => y.weight - x.weight || y.run.length - x.run.length || x.run.a - y.run.a || x.run.b - y.run.b,
  );
  const tiles: Tile[] = [];
  for (const { run } of waiting) {
    for (const piece of freePieces(run, takenA, takenB)) {
      takenA.fill(1, piece.a, piece.a + piece.length);
      takenB.fill(1, piece.b, piece.b + piece.length);
      tiles.push(piece);
    }
  }
  return tiles;
}

function freePieces(run: Tile, takenA: Uint8Array, takenB: Uint8Array): Tile[] {
  const pieces: Tile[] = [];
  let from = -1;
  for (let i = 0; i <= run.length; i++) {
    const free = i < run.length && takenA[run.a + i] === 0 && takenB[run.b + i] === 0;
    if (free && from === -1) from = i;
    if (!free && from !== -1) {
      if (i - from >= gramLength) pieces.push({ a: run.a + from, b: run.b + from, length: i - from });
      from = -1;
    }
  }
  return pieces;
}

const gap = { cells: 16_384, block: 3 } as const;

/** Between two neighbouring tiles that follow each other on both sides: the longest common subsequence of what is left. */
function fillGaps(
  tiles: readonly Tile[],
  a: CodeIndex,
  b: CodeIndex,
  takenA: Uint8Array,
  takenB: Uint8Array,
): Tile[] {
  const filled: Tile[] = [];
  for (let i = 0; i + 1 < tiles.length; i++) {
    const [here, next] = [tiles[i] as Tile, tiles[i + 1] as Tile];
    const [startA, startB] = [here.a + here.length, here.b + here.length];
    const [sizeA, sizeB] = [next.a - startA, next.b - startB];
    if (sizeA <= 0 || sizeB <= 0 || sizeA * sizeB > gap.cells) continue;
    for (const piece of commonBlocks(a, b, startA, sizeA, startB, sizeB)) {
      if (freeBlock(piece, takenA, takenB)) {
        takenA.fill(1, piece.a, piece.a + piece.length);
        takenB.fill(1, piece.b, piece.b + piece.length);
        filled.push(piece);
      }
    }
  }
  return filled;
}

function freeBlock(piece: Tile, takenA: Uint8Array, takenB: Uint8Array): boolean {
  for (let i = 0; i < piece.length; i++) {
    if (takenA[piece.a + i] !== 0 || takenB[piece.b + i] !== 0) return false;
  }
  return true;
}

function commonBlocks(
  a: CodeIndex,
  b: CodeIndex,
  startA: number,
  sizeA: number,
  startB: number,
  sizeB: number,
): Tile[] {
  const width = sizeB + 1;
  const best = new Uint16Array((sizeA + 1) * width);
  for (let i = sizeA - 1; i >= 0; i--) {
    for (let j = sizeB - 1; j >= 0; j--) {
      best[i * width + j] =
        a.symbols[startA + i] === b.symbols[startB + j]
          ? (best[(i + 1) * width + j + 1] as number) + 1
          : Math.max(best[(i + 1) * width + j] as number, best[i * width + j + 1] as number);
    }
  }
  const blocks: Tile[] = [];
  let [i, j, length] = [0, 0, 0];
  const close = () => {
    if (length >= gap.block) blocks.push({ a: startA + i - length, b: startB + j - length, length });
    length = 0;
  };
  while (i < sizeA && j < sizeB) {
    if (a.symbols[startA + i] === b.symbols[startB + j]) {
      i += 1;
      j += 1;
      length += 1;
      continue;
    }
    close();
    if ((best[(i + 1) * width + j] as number) >= (best[i * width + j + 1] as number)) i += 1;
    else j += 1;
  }
  close();
  return blocks;
}

interface PairRuns {
  readonly unitA: number;
  readonly unitB: number;
  readonly list: Tile[];
}

function orderedPairs(
  a: CodeIndex,
  b: CodeIndex,
  runs: readonly Tile[],
  sumsA: Float64Array,
  sumsB: Float64Array,
): PairRuns[] {
  const pairs = new Map<number, PairRuns & { mass: number }>();
  for (const run of runs) {
    const [unitA, unitB] = [a.unitOf[run.a] as number, b.unitOf[run.b] as number];
    const key = unitA * b.units.length + unitB;
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { unitA, unitB, list: [], mass: 0 };
      pairs.set(key, pair);
    }
    pair.list.push(run);
    pair.mass += Math.min(span(sumsA, run.a, run.length), span(sumsB, run.b, run.length));
  }
  const whole = (index: CodeIndex, sums: Float64Array, unit: number) => {
    const { from, to } = index.units[unit] as { from: number; to: number };
    return span(sums, from, to - from);
  };
  return [...pairs.values()]
    .map((pair) => {
      const [wholeA, wholeB] = [whole(a, sumsA, pair.unitA), whole(b, sumsB, pair.unitB)];
      const mass = Math.min(pair.mass, wholeA, wholeB);
      return { ...pair, rank: wholeA + wholeB === 0 ? 0 : (mass / (wholeA + wholeB)) * Math.sqrt(mass) };
    })
    .sort((x, y) => y.rank - x.rank || x.unitA - y.unitA || x.unitB - y.unitB);
}

/** All maximal runs of equal symbols of at least `gramLength`, longest counterparts of frequent runs left out. */
function findRuns(a: CodeIndex, b: CodeIndex): Tile[] {
  const { fromA, fromB } = joinSeeds(a, b);
  // Sorted by diagonal, then by position: neighbours on a diagonal are one run.
  const order = sortSeeds(fromA, fromB, a.symbols.length, b.symbols.length);
  const runs: Tile[] = [];
  let [startA, startB, length] = [-1, -1, 0];
  const close = () => {
    if (length > 0 && sameSymbols(a, b, startA, startB, length + gramLength - 1)) {
      runs.push({ a: startA, b: startB, length: length + gramLength - 1 });
    }
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
  return runs;
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
  return radix(radix(start, fromA, sizeA), diagonal, sizeA + sizeB);
}

function radix(order: Uint32Array, keys: Uint32Array, limit: number): Uint32Array {
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

/** Sums of the first n weights; whole numbers below 2^53, so exact. */
export function prefixSums(weights: Uint16Array): Float64Array {
  const sums = new Float64Array(weights.length + 1);
  for (let at = 0; at < weights.length; at++) sums[at + 1] = (sums[at] as number) + (weights[at] as number);
  return sums;
}

export function span(sums: Float64Array, from: number, length: number): number {
  return (sums[from + length] as number) - (sums[from] as number);
}
