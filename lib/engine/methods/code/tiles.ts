import type { CodeIndex } from "./code-index";
import { giveBack } from "./column";
import { gramLength } from "./grams";
import { orderedPairs } from "./ordered-pairs";
import { prefixSums, span } from "./prefix-sums";
import { findRuns, type Runs } from "./runs";

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

/**
 * Greedy string tiling over two whole releases (Wise 1993, the algorithm behind JPlag), with hashed runs as seeds.
 * Pairs of units are taken in the order of how much of both they could explain, so that a function meets its own
 * counterpart first and what was split or merged meets the rest. `weightA` and `weightB` say what each token counts;
 * `runs` are those of the same two releases (runs.ts) where they are known already.
 */
export function tile(
  a: CodeIndex,
  b: CodeIndex,
  weightA: Uint16Array,
  weightB: Uint16Array,
  runs: Runs = findRuns(a, b),
): UnitMatch[] {
  const takenA = new Uint8Array(a.symbols.length);
  const takenB = new Uint8Array(b.symbols.length);
  const [sumsA, sumsB] = [prefixSums(weightA), prefixSums(weightB)];
  const result: UnitMatch[] = [];
  for (const pair of orderedPairs(a, b, runs, sumsA, sumsB)) {
    const tiles: Tile[] = [];
    for (const run of freeRuns(pair, runs, takenA, takenB, sumsA, sumsB)) {
      takeFree(run, runs, takenA, takenB, tiles);
    }
    const first = tiles[0];
    if (first === undefined) continue;
    tiles.sort((x, y) => x.a - y.a);
    result.push({
      unitA: a.unitOf[first.a] as number,
      unitB: b.unitOf[first.b] as number,
      tiles: [...tiles, ...fillGaps(tiles, a, b, takenA, takenB)].sort((x, y) => x.a - y.a),
    });
  }
  giveBack(takenA, takenB, sumsA, sumsB);
  return result;
}

const none: readonly number[] = [];

/** Runs of a pair of which something may be free, the one that weighs most first. */
function freeRuns(
  pair: number,
  runs: Runs,
  takenA: Uint8Array,
  takenB: Uint8Array,
  sumsA: Uint32Array,
  sumsB: Uint32Array,
): readonly number[] {
  const [from, to] = [runs.pairs[pair] as number, runs.pairs[pair + 1] as number];
  // Most pairs share one run, and nothing is left of it by then: no list is made for them.
  if (to - from === 1) return mayBeFree(from, runs, takenA, takenB) ? [from] : none;
  const waiting: { readonly run: number; readonly weight: number }[] = [];
  for (let run = from; run < to; run++) {
    if (!mayBeFree(run, runs, takenA, takenB)) continue;
    const length = runs.length[run] as number;
    const weight = span(sumsA, runs.a[run] as number, length) + span(sumsB, runs.b[run] as number, length);
    waiting.push({ run, weight });
  }
  const of = (values: Uint32Array, run: number) => values[run] as number;
  waiting.sort(
    ({ run: x, weight: weightX }, { run: y, weight: weightY }) =>
      weightY - weightX ||
      of(runs.length, y) - of(runs.length, x) ||
      of(runs.a, x) - of(runs.a, y) ||
      of(runs.b, x) - of(runs.b, y),
  );
  return waiting.map(({ run }) => run);
}

/** Whatever is long enough to be a tile covers one of every `gramLength` tokens: where none of those is free, nothing is. */
function mayBeFree(run: number, runs: Runs, takenA: Uint8Array, takenB: Uint8Array): boolean {
  const [a, b, size] = [runs.a[run] as number, runs.b[run] as number, runs.length[run] as number];
  for (let i = gramLength - 1; i < size; i += gramLength) {
    if (takenA[a + i] === 0 && takenB[b + i] === 0) return true;
  }
  return false;
}

/** Takes what is free of one run on both sides, in pieces of `gramLength` or more; what is taken cuts a run. */
function takeFree(run: number, runs: Runs, takenA: Uint8Array, takenB: Uint8Array, tiles: Tile[]): void {
  const [a, b, size] = [runs.a[run] as number, runs.b[run] as number, runs.length[run] as number];
  let from = -1;
  for (let i = 0; i <= size; i++) {
    const free = i < size && takenA[a + i] === 0 && takenB[b + i] === 0;
    if (free && from === -1) from = i;
    if (!free && from !== -1) {
      if (i - from >= gramLength) {
        takenA.fill(1, a + from, a + i);
        takenB.fill(1, b + from, b + i);
        tiles.push({ a: a + from, b: b + from, length: i - from });
      }
      from = -1;
    }
  }
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
