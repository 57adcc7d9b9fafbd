import type { RowBlock } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import type { RowRange } from "../weights-independence/row-sample";

/** Elements read at one time: 16 MiB of float32. */
const piece = 1 << 22;
/** Elements kept of one matrix, whatever a header claims. */
const mostKept = 1 << 25;

/** Rows of a matrix, read in pieces of which only what `keep` makes is held. Null when not to be had. */
export async function readAllRows(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  { start, rows }: RowRange,
  keep: (block: RowBlock) => Promise<RowBlock>,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  const { cols } = tensor;
  if (cols > piece) return null;
  const height = Math.max(1, Math.floor(piece / cols));
  let out: Float32Array | null = null;
  let width = 0;
  for (let at = 0; at < rows; at += height) {
    signal?.throwIfAborted();
    const count = Math.min(height, rows - at);
    const [from, to] = [(start + at) * cols, (start + at + count) * cols];
    const values = await weights.read(tensor, from, to, signal);
    if (values === null) return null;
    const kept = await keep({ values, rows: count, cols });
    if (out === null) {
      width = kept.cols;
      if (rows * width > mostKept) return null;
      out = new Float32Array(rows * width);
    }
    out.set(kept.values, at * width);
  }
  return out && { values: out, rows, cols: width };
}

/** Columns [start, start + rows) of a matrix as rows, over at most `width` of its rows spread evenly. */
export async function readAsRows(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  { start, rows }: RowRange,
  width: number,
  signal?: AbortSignal,
): Promise<RowBlock | null> {
  const count = Math.min(width, tensor.rows);
  if (rows * count > mostKept || start + rows > tensor.cols) return null;
  const out = new Float32Array(rows * count);
  const lines = await Promise.all(
    Array.from({ length: count }, (_, k) => {
      const row = Math.floor((k * tensor.rows) / count);
      return weights.read(tensor, row * tensor.cols + start, row * tensor.cols + start + rows, signal);
    }),
  );
  for (const [k, line] of lines.entries()) {
    if (line === null) return null;
    for (let row = 0; row < rows; row++) out[row * count + k] = line[row] as number;
  }
  return { values: out, rows, cols: count };
}
