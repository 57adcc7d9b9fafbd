import { multiplyTransposed } from "../kernels";
import type { SeededStream } from "../weights/sample-seed";
import { assign } from "./assignment";

/** Consecutive rows of a matrix, row-major. */
export interface RowBlock {
  readonly values: Float32Array;
  readonly rows: number;
  readonly cols: number;
  /** The rows are unit vectors around their own mean already. */
  readonly unit?: true;
}

/** Rows in one window: within it the order is taken to be exchangeable under the null. */
export const windowRows = 8;

export interface WindowedMatching {
  /** Rows of each window that took part, 2 … 8. */
  readonly sizes: readonly number[];
  /** Rows of each window that were matched to their own index. */
  readonly matched: readonly number[];
}

/**
 * Rows that can carry no index of their own: zero or constant rows (padding, pruned neurons), rows with a value that is
 * no number, and all copies of rows that occur more than once. *All* copies, because keeping the first of them would
 * depend on their order, and what is left would no longer be exchangeable. 1 = unusable.
 */
export function unusableRows({ values, rows, cols }: RowBlock): Uint8Array {
  const unusable = new Uint8Array(rows);
  const alike = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const start = row * cols;
    const first = values[start] as number;
    let [sum, squares, constant] = [0, 0, true];
    for (let at = start; at < start + cols; at++) {
      const value = values[at] as number;
      sum += value;
      squares += value * value;
      if (value !== first) constant = false;
    }
    if (constant || !Number.isFinite(squares) || !Number.isFinite(sum)) {
      unusable[row] = 1;
      continue;
    }
    const key = `${sum} ${squares}`;
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [row]);
    else {
      for (const other of others) {
        if (!equalRows(values, other * cols, start, cols)) continue;
        unusable[other] = 1;
        unusable[row] = 1;
      }
      others.push(row);
    }
  }
  return unusable;
}

/**
 * In each window of 8 consecutive rows: the assignment with the largest sum of |cosine| of centred rows, and how many
 * rows it leaves at their own index. The rows of both sides are shuffled by the seed before and put back after, so that
 * ties fall by chance, never by index. Windows with fewer than two usable rows are left out.
 */
export function windowedMatching(
  a: RowBlock,
  b: RowBlock,
  usable: readonly number[],
  stream: SeededStream,
): WindowedMatching {
  const sizes: number[] = [];
  const matched: number[] = [];
  for (const window of windowsOf(usable)) {
    const [orderA, orderB] = [stream.permutation(window.length), stream.permutation(window.length)];
    if (window.length < 2) continue;
    const [rowsA, rowsB] = [shuffled(window, orderA), shuffled(window, orderB)];
    const cost = alikeness(unitRows(a, rowsA), unitRows(b, rowsB), a.cols);
    const columns = assign(cost, window.length);
    sizes.push(window.length);
    matched.push(rowsA.filter((row, i) => rowsB[columns[i] as number] === row).length);
  }
  return { sizes, matched };
}

/** Indices of usable rows, window by window of the original numbering. */
export function windowsOf(usable: readonly number[]): readonly number[][] {
  return [...Map.groupBy(usable, (row) => Math.floor(row / windowRows)).values()];
}

/** Blocks are never written to after they were read; a search holds each against many others. */
const known = new WeakMap<RowBlock, Uint8Array>();

function knownUnusable(block: RowBlock): Uint8Array {
  const unusable = known.get(block) ?? unusableRows(block);
  known.set(block, unusable);
  return unusable;
}

/** Rows that are usable on both sides, ascending. */
export function usableOnBoth(a: RowBlock, b: RowBlock): { usable: number[]; dropped: [number, number] } {
  const [badA, badB] = [knownUnusable(a), knownUnusable(b)];
  const rows = Math.min(a.rows, b.rows);
  const usable = Array.from({ length: rows }, (_, row) => row).filter((row) => !badA[row] && !badB[row]);
  return { usable, dropped: [count(badA), count(badB)] };
}

export interface GlobalMatching {
  readonly matched: number;
  /** Rows matched to an index at most 8 away from their own. */
  readonly near: number;
  /** Of how many rows; expected near under a uniform matching. */
  readonly rows: number;
  readonly expectedNear: number;
}

/** One assignment over all usable rows. A diagnostic: importance-sorted neurons alone can raise it. */
export function globalMatching(
  usable: readonly number[],
  cosines: Float32Array,
  stream: SeededStream,
): GlobalMatching {
  const n = usable.length;
  const [orderA, orderB] = [stream.permutation(n), stream.permutation(n)];
  const cost = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = (orderA[i] as number) * n;
    for (let j = 0; j < n; j++) cost[i * n + j] = -Math.abs(cosines[row + (orderB[j] as number)] as number);
  }
  const columns = assign(cost, n);
  let [matched, near, pairs] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const from = usable[orderA[i] as number] as number;
    const distance = Math.abs(from - (usable[orderB[columns[i] as number] as number] as number));
    if (distance === 0) matched += 1;
    if (distance <= windowRows) near += 1;
    for (const other of usable) if (Math.abs(from - other) <= windowRows) pairs += 1;
  }
  return { matched, near, rows: n, expectedNear: n === 0 ? 0 : pairs / n };
}

/** Rows as unit vectors around their own mean; a row that has none is left zero. Row-major float32. */
export function unitRows({ values, cols, unit }: RowBlock, rows: readonly number[]): Float32Array {
  const out = new Float32Array(rows.length * cols);
  for (const [i, row] of rows.entries()) {
    const own = values.subarray(row * cols, (row + 1) * cols);
    if (unit) {
      out.set(own, i * cols);
      continue;
    }
    const { mean, scale } = momentsOf(own);
    for (let k = 0, at = i * cols; k < cols; k++, at++) out[at] = ((own[k] as number) - mean) * scale;
  }
  return out;
}

/** The whole block with unit rows: for blocks that are held against many others. */
export function unitBlock(block: RowBlock): RowBlock {
  const { rows, cols } = block;
  const all = Array.from({ length: rows }, (_, row) => row);
  return { values: unitRows(block, all), rows, cols, unit: true };
}

function momentsOf(row: Float32Array): { mean: number; scale: number } {
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += row[k] as number;
  const mean = sum / row.length;
  let squares = 0;
  for (let k = 0; k < row.length; k++) {
    const from = (row[k] as number) - mean;
    squares += from * from;
  }
  return { mean, scale: squares > 0 ? 1 / Math.sqrt(squares) : 0 };
}

/** −|cosine| of every row of a with every row of b (unit rows). */
function alikeness(a: Float32Array, b: Float32Array, cols: number): Float32Array {
  const n = a.length / cols;
  return multiplyTransposed(a, b, n, n, cols).map((cosine) => -Math.abs(cosine));
}

function shuffled(rows: readonly number[], order: Uint32Array): number[] {
  return Array.from(order, (at) => rows[at] as number);
}

function equalRows(values: Float32Array, a: number, b: number, cols: number): boolean {
  for (let k = 0; k < cols; k++) if (values[a + k] !== values[b + k]) return false;
  return true;
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}
