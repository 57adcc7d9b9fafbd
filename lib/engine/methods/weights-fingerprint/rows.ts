import { projectFirstRows } from "../../fingerprint/make-full";
import { unpackInt8 } from "../../fingerprint/packed";
import { projectedWidth } from "../../fingerprint/schema";
import {
  type RowBlock,
  usableOnBoth,
  type WindowedMatching,
  windowedMatching,
} from "../../statistics/row-matching";
import { SeededStream } from "../../weights/sample-seed";
import { neuronStacks } from "../weights-independence/neuron-groups";
import { pooled, sum } from "../weights-independence/pooled";
import { collapse } from "../weights-independence/resemblance";
import { fewestRows } from "../weights-independence/row-sample";
import { type Cell, cellsAt, pairStacks, shared } from "../weights-independence/stack-pairs";
import type { FingerprintStatistics } from "./schema";
import type { Side } from "./sides";

type Rows = NonNullable<FingerprintStatistics["rows"]>;

const mostCells = 64;

/** The projected first rows of a matrix: from a fingerprint, or made from the weights. Null where there are none. */
export async function projectedBlock(
  side: Side,
  name: string,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  if (side.live) {
    const tensor = side.live.tensors.get(name);
    const projected = tensor && (await projectFirstRows(side.live, tensor, signal));
    return projected ? blockOf(projected.values) : null;
  }
  const kept = side.full?.projected.find(({ tensor }) => tensor === name);
  const values = kept && unpackInt8(kept.values, kept.rows * projectedWidth);
  return values ? blockOf(values) : null;
}

function blockOf(values: Int8Array): RowBlock {
  return { values: Float32Array.from(values), rows: values.length / projectedWidth, cols: projectedWidth };
}

/** Whether a side has rows to compare without more being read than the level allows. */
export function hasRows({ full, live }: Side, level: number): boolean {
  return live === null ? full !== null : level >= 2;
}

/** Layers of two sides that stand for each other, in the order of the stacks. */
export function layerCells(a: Side, b: Side): Cell[] {
  const pairs = pairStacks(neuronStacks(a.table), neuronStacks(b.table));
  const first = (cells: readonly Cell[]) => {
    // Of a mixture the first expert alone is kept.
    const byLayer = Map.groupBy(cells, (cell) => cell.a.layer);
    return [...byLayer.values()].flatMap((same) => same.slice(0, 1));
  };
  return shared(
    pairs.map((pair) => first(cellsAt(pair, 0))),
    mostCells,
  );
}

interface MeasuredLayer {
  readonly cell: Cell;
  readonly a: RowBlock;
  readonly b: RowBlock;
  readonly usable: number;
  readonly dropped: readonly [number, number];
  readonly windows: WindowedMatching;
}

/**
 * Windowed matching of projected rows (weights/independence says why and how): exact under the same null, because rows
 * are projected one by one and all alike. The sides come in an order that does not depend on who is called original.
 */
export async function compareRows(
  a: Side,
  b: Side,
  controls: readonly (Side | null)[],
  options: { readonly seed: string; readonly swapped: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Rows> {
  const measured: MeasuredLayer[] = [];
  for (const cell of layerCells(a, b)) {
    const [x, y] = [
      await projectedBlock(a, cell.a.tensor.name, options.signal),
      await projectedBlock(b, cell.b.tensor.name, options.signal),
    ];
    if (x === null || y === null || cell.a.tensor.cols !== cell.b.tensor.cols) continue;
    const stream = new SeededStream(options.seed, `fingerprint ${cell.a.tensor.name}\n${cell.b.tensor.name}`);
    const { usable, dropped } = usableOnBoth(x, y);
    const windows = usable.length < fewestRows ? nothing : windowedMatching(x, y, usable, stream);
    measured.push({ cell, a: x, b: y, usable: usable.length, dropped, windows });
  }
  const roots = collapse(measured);
  const named = <T>(of: readonly [T, T]) =>
    options.swapped ? { original: of[1], suspect: of[0] } : { original: of[0], suspect: of[1] };
  const controlled = [];
  for (const control of controls) {
    const against = [
      await againstControl(a, control, options),
      await againstControl(b, control, options),
    ] as const;
    controlled.push(named(against));
  }
  return {
    layers: measured.map(({ cell, usable, dropped, windows }, index) => ({
      ...named([cell.a.tensor.name, cell.b.tensor.name]),
      layer: cell.a.layer,
      rows: usable,
      dropped: named(dropped),
      matched: sum(windows.matched),
      windows: windows.sizes.length,
      sameAs: roots[index] === index ? null : (roots[index] as number),
    })),
    pooled: pooled(measured.filter((_, index) => roots[index] === index).map(({ windows }) => windows)),
    controls: controlled,
  };
}

const nothing: WindowedMatching = { sizes: [], matched: [] };

async function againstControl(
  side: Side,
  control: Side | null,
  { seed, signal }: { readonly seed: string; readonly signal?: AbortSignal | undefined },
) {
  if (control === null || (control.live === null && control.full === null)) return null;
  const groups: WindowedMatching[] = [];
  for (const cell of layerCells(side, control)) {
    const [x, y] = [
      await projectedBlock(side, cell.a.tensor.name, signal),
      await projectedBlock(control, cell.b.tensor.name, signal),
    ];
    if (x === null || y === null) continue;
    const { usable } = usableOnBoth(x, y);
    if (usable.length < fewestRows) continue;
    const label = `fingerprint control ${cell.a.tensor.name}\n${cell.b.tensor.name}`;
    groups.push(windowedMatching(x, y, usable, new SeededStream(seed, label)));
  }
  return pooled(groups);
}
