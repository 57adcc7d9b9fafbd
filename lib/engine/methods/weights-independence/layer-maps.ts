import { log10FixedPointTail } from "../../statistics/rencontres";
import {
  type RowBlock,
  unitBlock,
  usableOnBoth,
  type WindowedMatching,
  windowedMatching,
} from "../../statistics/row-matching";
import { SeededStream } from "../../weights/sample-seed";
import type { MeasuredCell, Sides } from "./measure-cells";
import type { NeuronGroup } from "./neuron-groups";
import { pooled, sum } from "./pooled";
import { collapse } from "./resemblance";
import { keepRows, keptRange, readRows, rowRange } from "./row-sample";
import type { PooledStatistics } from "./schema";
import { heightOf, type StackPair, spread } from "./stack-pairs";

/** Offsets tried beside the identity where two stacks differ in depth; the last one aligns their ends. */
const mostOffsets = 8;
/** Pairs of layers that a search looks through at most. */
const mostCells = 4096;
const mostKept = 64;

/**
 * The layer maps that are tried, declared beforehand: the identity, and where the stacks differ in depth by d, the
 * offsets towards the deeper one, 1 … d (at most eight, the last of which is d). b's layer = a's layer + offset.
 */
export function declaredOffsets({ a, b }: StackPair): number[] {
  const difference = b.layers - a.layers;
  const [most, sign] = [Math.abs(difference), Math.sign(difference)];
  const steps = Array.from({ length: Math.min(most, mostOffsets) }, (_, i) => i + 1);
  if (most > mostOffsets) steps[mostOffsets - 1] = most;
  return [0, ...steps.map((step) => step * sign)];
}

interface KeptGroup {
  readonly group: NeuronGroup;
  readonly start: number;
  readonly block: RowBlock;
}

/** The windowed matching of the few rows kept of two groups; null where they cannot be held against each other. */
function matchKept(a: KeptGroup, b: KeptGroup, seed: string): WindowedMatching | null {
  if (a.start !== b.start || a.block.cols !== b.block.cols) return null;
  const { usable } = usableOnBoth(a.block, b.block);
  const name = `${a.group.tensor.name}\n${b.group.tensor.name}`;
  const windows = windowedMatching(a.block, b.block, usable, new SeededStream(seed, `ties/kept/${name}`));
  return windows.sizes.length < 2 ? null : windows;
}

interface FoundCell {
  readonly a: NeuronGroup;
  readonly b: NeuronGroup;
  readonly matched: number;
  readonly of: number;
  /** Of this pair of layers alone; the number of pairs looked at is not in it yet. */
  readonly log10P: number;
}

/**
 * Every layer against every layer. Each pair of layers is judged by itself, p times the number of pairs: the best of
 * many innocent layers always looks good, and a sum of best matches convicts anybody (measured: 113 over 32 layers).
 */
function searchLayers(a: readonly KeptGroup[], b: readonly KeptGroup[], seed: string): FoundCell[] {
  return pairsOf(a, b).flatMap(([one, other]): FoundCell[] => {
    const windows = matchKept(one, other, seed);
    if (windows === null) return [];
    const matched = sum(windows.matched);
    const log10P = matched <= windows.sizes.length ? 0 : log10FixedPointTail(windows.sizes, matched);
    return [{ a: one.group, b: other.group, matched, of: sum(windows.sizes), log10P }];
  });
}

function pairsOf(a: readonly KeptGroup[], b: readonly KeptGroup[]): (readonly [KeptGroup, KeptGroup])[] {
  return a.flatMap((one) =>
    b.filter(({ group }) => group.expert === one.group.expert).map((other) => [one, other] as const),
  );
}

export interface MapsTried {
  /** Beside the identity. */
  readonly maps: readonly {
    readonly pair: StackPair;
    readonly offset: number;
    readonly result: PooledStatistics;
  }[];
  /** Pairs of layers found alike or not; null where no search was needed or possible. */
  readonly search: readonly FoundCell[] | null;
  /** Pairs of layers that a search looks through, whether it was needed or not. */
  readonly searched: number;
  readonly searchable: boolean;
}

/**
 * Declared offsets, and a search over all pairs of layers where the maps found nothing or the depths differ. Both work
 * on the first rows of each sample, which were kept; layers that the identity map did not reach are read now.
 */
export async function layerMaps(
  sides: Sides,
  pairs: readonly StackPair[],
  measured: readonly MeasuredCell[],
  identity: PooledStatistics | null,
): Promise<MapsTried> {
  const maps: MapsTried["maps"][number][] = [];
  const kept: { a: KeptGroup[]; b: KeptGroup[] }[] = [];
  for (const pair of pairs) {
    const groups = await keptGroups(sides, pair, measured);
    kept.push(groups);
    for (const offset of declaredOffsets(pair).slice(1)) {
      const result = pooledAt(groups, offset, sides.seed);
      if (result !== null) maps.push({ pair, offset, result });
    }
  }
  const searched = sum(kept.map(({ a, b }) => pairsOf(a, b).length));
  const searchable = searched > 1 && searched <= mostCells;
  const deep = pairs.some(({ a, b }) => a.layers !== b.layers);
  const plain = [identity, ...maps.map(({ result }) => result)].every((result) => (result?.log10P ?? 0) > -9);
  if (!searchable || !(plain || deep))
    return { maps, search: null, searched: searchable ? searched : 0, searchable };
  const found: FoundCell[] = [];
  for (const { a, b } of kept) {
    sides.signal?.throwIfAborted();
    found.push(...searchLayers(a, b, sides.seed));
  }
  return { maps, search: found, searched, searchable };
}

function pooledAt(
  { a, b }: { a: readonly KeptGroup[]; b: readonly KeptGroup[] },
  offset: number,
  seed: string,
): PooledStatistics | null {
  const cells = pairsOf(a, b)
    .filter(([one, other]) => other.group.layer === one.group.layer + offset)
    .flatMap(([one, other]) => {
      const windows = matchKept(one, other, seed);
      return windows === null ? [] : [{ windows, a: one.block, b: other.block }];
    });
  const roots = collapse(cells);
  return pooled(cells.filter((_, index) => roots[index] === index).map(({ windows }) => windows));
}

/** The kept rows of both stacks, read now where the identity map did not need them; at most 64 groups a side. */
async function keptGroups(
  sides: Sides,
  pair: StackPair,
  measured: readonly MeasuredCell[],
): Promise<{ a: KeptGroup[]; b: KeptGroup[] }> {
  const range = rowRange(sides.seed, heightOf(pair), pair.a.cols);
  if (range === null || pair.a.cols !== pair.b.cols) return { a: [], b: [] };
  const { start } = range;
  const of = async (side: "a" | "b"): Promise<KeptGroup[]> => {
    const known = new Map(measured.map(({ cell, kept }) => [cell[side], kept?.[side] ?? null] as const));
    const missing =
      pair.a.layers === pair.b.layers ? [] : pair[side].groups.filter((group) => !known.has(group));
    const read = spread(missing, Math.max(0, mostKept - known.size)).map(async (group) => {
      const rows = await readRows(sides[side], group.tensor, keptRange(range), sides.signal);
      return { group, block: rows && keepRows(rows) };
    });
    const own = [...known].filter(([group]) => pair[side].groups.includes(group));
    const all = [...own.map(([group, block]) => ({ group, block })), ...(await Promise.all(read))];
    return all
      .flatMap(({ group, block }) => (block === null ? [] : [{ group, start, block: unitBlock(block) }]))
      .sort((x, y) => x.group.layer - y.group.layer || (x.group.expert ?? -1) - (y.group.expert ?? -1));
  };
  return { a: await of("a"), b: await of("b") };
}
