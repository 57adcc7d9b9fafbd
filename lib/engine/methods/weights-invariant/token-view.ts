import { multiplyTransposed } from "../../kernels";
import type { RowBlock } from "../../statistics/row-matching";
import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import type { NeuronGroup, Places } from "../weights-independence/neuron-groups";
import { readGain, readTokens } from "./embeddings";

/**
 * Neurons seen through tokens: the rows of A = U · diag(γ) · Xᵀ, one per neuron, one column per token. A rotation R of
 * the residual stream turns X into XR and U·diag(γ) into U·diag(γ)·R, and leaves A alone; so do gains folded into U.
 * Hidden sizes need not agree.
 */
export interface TokenView {
  readonly tokens: number;
  /** Rows of one of the group's input matrices, seen through all tokens or through the first `most`. */
  of(group: NeuronGroup, rows: RowBlock, signal?: AbortSignal, most?: number): Promise<RowBlock>;
}

export async function tokenView(
  weights: ReleaseWeights,
  embedding: WeightTensor,
  ids: readonly number[],
  places: Places,
  signal?: AbortSignal,
): Promise<TokenView | null> {
  const embedded = await readTokens(weights, embedding, ids, signal);
  if (embedded === null) return null;
  return {
    tokens: ids.length,
    async of(group, { values, rows, cols }, stop, most = ids.length) {
      const tokens = Math.min(most, ids.length);
      const gain = await readGain(weights, group, places, stop);
      const scaled = gain === null ? values : scaledColumns(values, rows, cols, gain);
      return {
        values: multiplyTransposed(scaled, embedded.subarray(0, tokens * cols), rows, tokens, cols),
        rows,
        cols: tokens,
      };
    },
  };
}

function scaledColumns(values: Float32Array, rows: number, cols: number, gain: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++, at++) out[at] = (values[at] as number) * (gain[col] as number);
  }
  return out;
}
