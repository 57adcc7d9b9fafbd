import type { ReleaseWeights, WeightsConfig, WeightTensor } from "./release-weights";

const unknownConfig: WeightsConfig = {
  architecture: null,
  hidden: null,
  layers: null,
  heads: null,
  kvHeads: null,
  headDim: null,
  tiedEmbeddings: null,
};

/** Weights that are already in memory, row-major float32 by tensor name: for transforms and tests. */
export function memoryWeights(
  tensors: readonly { readonly tensor: WeightTensor; readonly values: Float32Array }[],
  config: Partial<WeightsConfig> = {},
): ReleaseWeights {
  const sorted = [...tensors].sort((a, b) =>
    a.tensor.name < b.tensor.name ? -1 : a.tensor.name > b.tensor.name ? 1 : 0,
  );
  const values = new Map(sorted.map(({ tensor, values: data }) => [tensor.name, data]));
  return {
    format: "safetensors",
    config: { ...unknownConfig, ...config },
    tensors: new Map(sorted.map(({ tensor }) => [tensor.name, tensor])),
    read: async (tensor, start, end) => values.get(tensor.name)?.slice(start, end) ?? null,
    steps: async () => null,
  };
}
