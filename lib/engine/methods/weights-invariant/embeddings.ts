import type { ReleaseWeights, WeightTensor } from "../../weights/release-weights";
import type { NeuronGroup, Places } from "../weights-independence/neuron-groups";

/** The token embedding of the language model: the only one of that role, or the highest of several. */
export function embeddingOf(weights: ReleaseWeights, places: Places): WeightTensor | null {
  const found = [...weights.tensors.values()].filter((tensor) => {
    const { role, parameter, layer } = places.get(tensor.name) ?? tensor.place;
    return role === "embedding" && parameter === "weight" && layer === null && tensor.shape.length === 2;
  });
  return found.reduce<WeightTensor | null>(
    (best, tensor) => (best === null || tensor.rows > best.rows ? tensor : best),
    null,
  );
}

/** Rows of the embedding, one per token in the order given; neighbours are read as one range. Null when not to be had. */
export async function readTokens(
  weights: ReleaseWeights,
  embedding: WeightTensor,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  const { cols } = embedding;
  const sorted = [...new Set(ids)].sort((x, y) => x - y);
  const runs: { first: number; count: number }[] = [];
  for (const id of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && id === last.first + last.count) last.count += 1;
    else runs.push({ first: id, count: 1 });
  }
  const read = await Promise.all(
    runs.map(({ first, count }) => weights.read(embedding, first * cols, (first + count) * cols, signal)),
  );
  const rows = new Map<number, Float32Array>();
  for (const [index, { first, count }] of runs.entries()) {
    const values = read[index];
    if (values == null) return null;
    for (let k = 0; k < count; k++) rows.set(first + k, values.subarray(k * cols, (k + 1) * cols));
  }
  const out = new Float32Array(ids.length * cols);
  for (const [index, id] of ids.entries()) out.set(rows.get(id) as Float32Array, index * cols);
  return out;
}

/**
 * The gain of the norm before an MLP, or null where no norm was recognised in its layer (then 1 is taken). Gemma's
 * norms multiply by 1 + weight (transformers, modeling_gemma.py; Gemma 3n by the weight itself).
 */
export async function readGain(
  weights: ReleaseWeights,
  group: NeuronGroup,
  places: Places,
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  const norm = normBefore(weights, group, places);
  if (norm === null) return null;
  const gain = await weights.read(norm, 0, group.tensor.cols, signal);
  const { architecture } = weights.config;
  const plusOne = architecture !== null && /gemma/i.test(architecture) && !/gemma-?3n/i.test(architecture);
  return gain && plusOne ? gain.map((value) => 1 + value) : gain;
}

export function hasGain(weights: ReleaseWeights, group: NeuronGroup, places: Places): boolean {
  return normBefore(weights, group, places) !== null;
}

/** The norm before an MLP. Where there are norms on both sides of it, the one that precedes says so by its name. */
function normBefore(weights: ReleaseWeights, group: NeuronGroup, places: Places): WeightTensor | null {
  const norms = [...weights.tensors.values()].filter((tensor) => {
    const place = places.get(tensor.name) ?? tensor.place;
    return (
      place.role === "norm-mlp" &&
      place.parameter === "weight" &&
      (place.stack ?? "") === group.stack &&
      place.layer === group.layer &&
      tensor.rows * tensor.cols === group.tensor.cols
    );
  });
  return norms.find(({ name }) => /pre_feedforward|ffn_norm|pre_mlp/.test(name)) ?? norms[0] ?? null;
}
