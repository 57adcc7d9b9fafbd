import type { ReleaseWeights, WeightTensor } from "../weights/release-weights";
import type { Fingerprint } from "./schema";

/** The tensors that a fingerprint names, so that they can be paired like those of a release. Their values cannot be read. */
export function fingerprintTable(document: Fingerprint): ReleaseWeights {
  const tensors = document.tensors.map(({ name, stored, place, dtype, shape, rows, cols }): WeightTensor => {
    return { name, stored, place, dtype, shape, rows, cols, bytes: 0 };
  });
  return {
    format: document.format,
    config: {
      architecture: null,
      hidden: null,
      layers: null,
      heads: null,
      kvHeads: null,
      headDim: null,
      tiedEmbeddings: null,
    },
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    read: async () => null,
    steps: async () => null,
  };
}
