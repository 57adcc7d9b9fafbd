import { type RowBlock, windowRows } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import { SeededStream } from "../../weights/sample-seed";

/** Consecutive rows looked at in each group. */
export const sampledRows = 256;
/** With fewer usable rows a group is not testable. */
export const fewestRows = 64;
/** Elements of one sample: bounds memory whatever a header claims (256 rows of 65,536). */
const mostElements = 1 << 24;

export interface RowRange {
  readonly start: number;
  readonly rows: number;
}

/**
 * Where the rows are taken: a seeded multiple of 8, the same for all matrices of one height, so that layers can be held
 * against each other. Null where a matrix is too low or too wide to give 64 rows.
 */
export function rowRange(seed: string, height: number, cols: number): RowRange | null {
  const most = Math.min(sampledRows, Math.floor(mostElements / cols / windowRows) * windowRows);
  if (most < fewestRows || height < fewestRows) return null;
  if (height <= most) return { start: 0, rows: height };
  const places = Math.floor((height - most) / windowRows) + 1;
  const start = new SeededStream(seed, `rows/${height}`).below(places) * windowRows;
  return { start, rows: most };
}

/** The rows as float32; null when the bytes cannot be had. */
export async function readRows(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  { start, rows }: RowRange,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  if (start + rows > tensor.rows) return null;
  const { cols } = tensor;
  const values = await weights.read(tensor, start * cols, (start + rows) * cols, signal);
  return values === null ? null : { values, rows, cols };
}

/** Rows kept of every sampled group, to hold layers against each other without reading again. */
const keptRows = 32;
const keptCols = 4096;

/** The rows of a range that are kept. */
export function keptRange({ start, rows }: RowRange): RowRange {
  return { start, rows: Math.min(rows, keptRows) };
}

/** The first 32 sampled rows, at most 4,096 columns wide. */
export function keepRows({ values, rows, cols }: RowBlock): RowBlock {
  const [height, width] = [Math.min(rows, keptRows), Math.min(cols, keptCols)];
  const kept = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    kept.set(values.subarray(row * cols, row * cols + width), row * width);
  }
  return { values: kept, rows: height, cols: width };
}
