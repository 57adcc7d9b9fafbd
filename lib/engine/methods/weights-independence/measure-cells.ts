import { multiplyTransposed } from "../../kernels";
import {
  type GlobalMatching,
  globalMatching,
  type RowBlock,
  unitRows,
  usableOnBoth,
  type WindowedMatching,
  windowedMatching,
} from "../../statistics/row-matching";
import type { ReleaseWeights } from "../../weights/release-weights";
import { SeededStream } from "../../weights/sample-seed";
import type { NeuronGroup } from "./neuron-groups";
import { fewestRows, keepRows, type RowRange, readRows, rowRange } from "./row-sample";
import type { Cell } from "./stack-pairs";

/** Why a cell gave no statistic. */
export type Unmeasured = "too-few-rows" | "bytes-not-available" | "constant-start";

export interface MeasuredCell {
  readonly cell: Cell;
  readonly range: RowRange | null;
  readonly unmeasured: Unmeasured | null;
  /** Usable rows on both sides. */
  readonly rows: number;
  /** Zero, constant and duplicate rows among the sampled ones, of a and of b. */
  readonly dropped: readonly [number, number];
  readonly windows: WindowedMatching;
  readonly global: GlobalMatching | null;
  /** A few rows of both sides, kept for layer maps and resemblance; null where nothing was read. */
  readonly kept: { readonly a: RowBlock; readonly b: RowBlock } | null;
  /** One entry per control: its statistic against either side, null where it has no like group. */
  readonly controls: readonly ControlCell[];
}

export interface ControlCell {
  readonly againstA: WindowedMatching | null;
  readonly againstB: WindowedMatching | null;
}

/** A control and the group in it that stands where a cell's groups stand. */
export interface ControlPlan {
  readonly weights: ReleaseWeights | null;
  groupFor(cell: Cell): NeuronGroup | null;
}

export interface LeftOut {
  readonly a: ReadonlySet<string>;
  readonly b: ReadonlySet<string>;
}

export interface Sides {
  readonly a: ReleaseWeights;
  readonly b: ReleaseWeights;
  readonly seed: string;
  /** Names of tensors on either side that do not count. */
  readonly leftOut?: LeftOut | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Cells read at one time: their ranges are asked for together, and nothing of them but a few rows is kept after. */
const together = 4;
const nothing: WindowedMatching = { sizes: [], matched: [] };

export async function measureCells(
  sides: Sides,
  cells: readonly Cell[],
  controls: readonly ControlPlan[],
  onProgress?: (part: number) => void,
): Promise<MeasuredCell[]> {
  const measured: MeasuredCell[] = [];
  for (let at = 0; at < cells.length; at += together) {
    sides.signal?.throwIfAborted();
    const group = cells.slice(at, at + together);
    measured.push(...(await Promise.all(group.map((cell) => measureCell(sides, cell, controls)))));
    onProgress?.(measured.length / cells.length);
  }
  return measured;
}

async function measureCell(
  { a, b, seed, signal }: Sides,
  cell: Cell,
  controls: readonly ControlPlan[],
): Promise<MeasuredCell> {
  const range = rowRange(seed, cell.height, cell.a.tensor.cols);
  const empty = {
    cell,
    range,
    rows: 0,
    dropped: [0, 0],
    windows: nothing,
    global: null,
    controls: [],
  } as const;
  if (range === null) return { ...empty, unmeasured: "too-few-rows", kept: null };
  const [blockA, blockB, ...others] = await Promise.all([
    readRows(a, cell.a.tensor, range, signal),
    readRows(b, cell.b.tensor, range, signal),
    ...controls.map((control) => {
      const group = control.groupFor(cell);
      return group === null || control.weights === null
        ? null
        : readRows(control.weights, group.tensor, range, signal);
    }),
  ]);
  if (!blockA || !blockB) return { ...empty, unmeasured: "bytes-not-available", kept: null };
  const kept = { a: keepRows(blockA), b: keepRows(blockB) };
  const { usable, dropped } = usableOnBoth(blockA, blockB);
  const counts = { rows: usable.length, dropped, kept };
  if (usable.length < fewestRows) return { ...empty, ...counts, unmeasured: "too-few-rows" };
  const name = `${cell.a.tensor.name}\n${cell.b.tensor.name}`;
  const ties = (label: string) => new SeededStream(seed, `ties/${label}/${name}`);
  return {
    ...empty,
    ...counts,
    unmeasured: null,
    windows: windowedMatching(blockA, blockB, usable, ties("windows")),
    global: globalMatching(usable, cosines(blockA, blockB, usable), ties("global")),
    controls: others.map((other, i) => ({
      againstA: againstControl(blockA, other ?? null, ties(`control/${i}/a`)),
      againstB: againstControl(blockB, other ?? null, ties(`control/${i}/b`)),
    })),
  };
}

function againstControl(
  side: RowBlock,
  control: RowBlock | null,
  stream: SeededStream,
): WindowedMatching | null {
  if (control === null || control.cols !== side.cols) return null;
  const { usable } = usableOnBoth(side, control);
  return usable.length < fewestRows ? null : windowedMatching(side, control, usable, stream);
}

function cosines(a: RowBlock, b: RowBlock, rows: readonly number[]): Float32Array {
  return multiplyTransposed(unitRows(a, rows), unitRows(b, rows), rows.length, rows.length, a.cols);
}
