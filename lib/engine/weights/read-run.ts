import type { ReleaseWeights, WeightTensor } from "./release-weights";
import type { RunPosition } from "./run-positions";

/**
 * The values of a tensor at a run's place, row-major `rows` × `cols`, in one read. Where the tensor is wider than the
 * run its whole rows are read and cut. Null when it does not reach that far, or its bytes cannot be had.
 */
export async function readRun(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  at: RunPosition,
  what: "read" | "steps" = "read",
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  if (at.row + at.rows > tensor.rows || at.col + at.cols > tensor.cols) return null;
  const wide = tensor.cols;
  if (at.rows === 1 || at.cols === wide) {
    const start = at.row * wide + at.col;
    return weights[what](tensor, start, start + at.rows * at.cols, signal);
  }
  const whole = await weights[what](tensor, at.row * wide, (at.row + at.rows) * wide, signal);
  if (whole === null) return null;
  const out = new Float32Array(at.rows * at.cols);
  for (let r = 0; r < at.rows; r++) {
    const from = r * wide + at.col;
    out.set(whole.subarray(from, from + at.cols), r * at.cols);
  }
  return out;
}
