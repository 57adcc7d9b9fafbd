import type { RowBlock } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import type { Places } from "./neuron-groups";

/**
 * Why the order of a residual stream's features may mean something in this release, so that two independent models could
 * share it; null where nothing of the kind is seen.
 *
 * - position-table: a table of positions is added to the embeddings. Sine-cosine tables give every feature its own
 *   frequency, and a trained table may have started as one.
 * - positions-unknown: no table is stored, but nothing shows that positions enter elsewhere: decoders whose norms have
 *   biases include those that compute a sine-cosine table when they run (fairseq, M2M-100, XGLM). Gain-only norms came
 *   with rotary and relative positions.
 */
export function orderedStream(
  weights: ReleaseWeights,
  embedding: WeightTensor,
  places: Places,
): "position-table" | "positions-unknown" | null {
  let [gains, biases] = [0, 0];
  for (const tensor of weights.tensors.values()) {
    const { role, parameter, group } = places.get(tensor.name) ?? tensor.place;
    if (group === "vision-tower" || group === "projector") continue;
    if (role === "position" && tensor.cols === embedding.cols && tensor.rows > 1) return "position-table";
    if (!role.startsWith("norm") || tensor.rows * tensor.cols !== embedding.cols) continue;
    if (parameter === "bias") biases += 1;
    else gains += 1;
  }
  return gains === 0 || biases > 0 ? "positions-unknown" : null;
}

/**
 * Columns that one token makes up, as where an embedding started as the identity or as one-hot codes: their numbering is
 * the constructor's. True where half of the rows given (one per column) have over half of their squares in one place.
 */
export function isOneHot({ values, rows, cols }: RowBlock): boolean {
  let peaked = 0;
  for (let row = 0; row < rows; row++) {
    let [largest, all] = [0, 0];
    for (let at = row * cols; at < (row + 1) * cols; at++) {
      const square = (values[at] as number) * (values[at] as number);
      all += square;
      if (square > largest) largest = square;
    }
    if (largest * 2 > all) peaked += 1;
  }
  return peaked * 2 >= rows;
}
