import { EngineError } from "../errors";
import type { ReleaseReader } from "../io/source/release";
import { isNumeric } from "./numbers/decode";
import { openStored } from "./open-stored";
import type { StoredTensor } from "./stored-weights";
import { loadTensorTable, type TensorFacts, type TensorTable } from "./tensor-table";

/**
 * The tensor table of a release in whatever format its weights come: from safetensors headers where there are any,
 * else from those of GGUF, ONNX or PyTorch files. A file of these that lies or is refused leaves no table: the methods
 * that read weights say what is wrong with it, and structure is then not testable.
 */
export async function loadStructure(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<TensorTable | null> {
  const table = await loadTensorTable(reader, signal);
  if (table !== null) return table;
  const stored = await openStored(reader, signal).catch((error: unknown) => {
    if (error instanceof EngineError && error.code === "malformed-file") return null;
    throw error;
  });
  if (stored === null) return null;
  // Shape arithmetic of a graph is no part of the network.
  const weights = stored.tensors.filter(({ dtype }) => stored.format !== "onnx" || isNumeric(dtype));
  return {
    tensors: new Map(weights.map((tensor) => [tensor.name, factsOf(tensor)])),
    shapesKnown: true,
    indexPath: null,
    shards: stored.files,
    shardsRead: stored.files,
    statedTotal: null,
    listedTotal: null,
    byteOrder: null,
  };
}

function factsOf({ name, dtype, shape, turned }: StoredTensor): TensorFacts {
  return { name, dtype, shape: turned === true ? shape.toReversed() : shape };
}
