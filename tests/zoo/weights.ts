import { memoryWeights } from "@/lib/engine/weights/memory-weights";
import { placeOf } from "@/lib/engine/weights/places";
import type { ReleaseWeights } from "@/lib/engine/weights/release-weights";
import type { ZooModel } from "./model";

/** A zoo model under its first names as a method sees it, without any file in between. */
export function zooWeights(model: ZooModel): ReleaseWeights {
  const { hidden, layers, heads, kvHeads, headDim, tied } = model.shape;
  const width = model.dtype === "F32" ? 4 : 2;
  return memoryWeights(
    model.tensors.map(({ name, shape, values }) => {
      return {
        tensor: {
          name,
          stored: name,
          place: placeOf(name, shape.length),
          dtype: model.dtype,
          shape,
          rows: shape.length > 1 ? shape[0]! : 1,
          cols: shape[shape.length - 1]!,
          bytes: width * values.length,
        },
        values,
      };
    }),
    { architecture: "LlamaForCausalLM", hidden, layers, heads, kvHeads, headDim, tiedEmbeddings: tied },
  );
}
