import type { ReleaseReader } from "../../io/source/release";
import { baseName, byCodeUnit, folderOf } from "../metadata-files";
import { plainTensor } from "../plain-tensor";
import { elementsOf, type StoredTensor, type StoredWeights } from "../stored-weights";
import { malformed, show } from "../strict-json";
import { shallowestFiles } from "../unindexed-files";
import { initialiserNames, storedTurned } from "./initialiser-names";
import { type OnnxTensor, readOnnxGraph } from "./onnx-graph";
import { ProtoReader } from "./proto-reader";
import { decodeCodes, decodeVarints } from "./varint-tensor";

const maxModels = 64;
/** Varints have to be read from the first to the last. */
const maxVarintBytes = 32 * 1024 * 1024;
/** The same model in a coarser precision, or two parts of one merged again. */
const variant = /_(?:fp16|int8|uint8|quantized|q4|q4f16|bnb4|merged)\.onnx$/;

/**
 * The numbers in a release's ONNX models: "model.onnx" where there is one, else every model of the shallowest folder
 * that has any, without the coarser copies beside them; of several models each name begins with its file's. Matrices
 * that a MatMul takes as [in, out] are marked as turned. Null where there are none or no bytes can be had.
 */
export async function openOnnx(reader: ReleaseReader, signal?: AbortSignal): Promise<StoredWeights | null> {
  const paths = chosenFiles(reader);
  const tensors: StoredTensor[] = [];
  for (const path of paths) {
    const prefix = paths.length > 1 ? `${baseName(path).slice(0, -".onnx".length)}.` : "";
    tensors.push(...((await openModel(reader, path, prefix, signal)) ?? []));
  }
  if (tensors.length === 0) return null;
  return {
    format: "onnx",
    files: paths.length,
    tensors: tensors.sort((a, b) => byCodeUnit(a.name, b.name)),
    config: null,
  };
}

function chosenFiles(reader: ReleaseReader): string[] {
  const all = shallowestFiles(reader, (path) => /\.onnx$/.test(path)).slice(0, maxModels);
  const single = all.filter((path) => baseName(path) === "model.onnx");
  if (single.length > 0) return single;
  const whole = all.filter((path) => !variant.test(path));
  return whole.length > 0 ? whole : all.slice(0, 1);
}

async function openModel(
  reader: ReleaseReader,
  path: string,
  prefix: string,
  signal?: AbortSignal,
): Promise<StoredTensor[] | null> {
  const size = reader.release.files.find((file) => file.path === path)?.size ?? null;
  if (size === null) return null;
  try {
    const graph = await readOnnxGraph(new ProtoReader(reader, path, size, signal));
    const { uses } = graph;
    const tensors = graph.tensors.filter((tensor) => !isShapeArithmetic(tensor));
    const names = initialiserNames(tensors, uses);
    return tensors.map((tensor, i) => {
      const name = prefix + names[i];
      const turned = tensor.shape.length === 2 ? storedTurned(uses.get(tensor.name)) : null;
      const stored = storedTensor(reader, path, { ...tensor, name });
      const named = name === tensor.name ? stored : { ...stored, storedName: tensor.name };
      return turned === null ? named : { ...named, turned };
    });
  } catch (error) {
    if (ProtoReader.isAbsent(error)) return null;
    throw error;
  }
}

/** Sizes, axes and switches that a graph computes with: whole numbers or flags in no more than one dimension. */
function isShapeArithmetic({ dtype, shape }: OnnxTensor): boolean {
  return shape.length <= 1 && (dtype === "I64" || dtype === "BOOL");
}

function storedTensor(reader: ReleaseReader, path: string, tensor: OnnxTensor): StoredTensor {
  const { data, dtype, shape } = tensor;
  if (data.kind === "inline") return plainTensor(reader, path, data.start, tensor);
  if (data.kind === "external") return externalTensor(reader, path, tensor, data.location, data.offset);
  const elements = elementsOf(shape);
  const whole = async (signal?: AbortSignal): Promise<Float32Array | null> => {
    if (data.kind === "values") return decodeCodes(data.codes, dtype);
    if (data.end - data.start > maxVarintBytes) return null;
    const bytes = await reader.read(path, data.start, data.end, signal);
    const values = bytes && decodeVarints(bytes, dtype, elements);
    if (bytes && !values) throw malformed(path, `tensor ${show(tensor.name)} holds another count of numbers`);
    return values;
  };
  const bytes = data.kind === "values" ? data.codes.length : data.end - data.start;
  return {
    ...{ name: tensor.name, dtype, shape, elements, bytes },
    read: async (start, end, signal) => (await whole(signal))?.slice(start, end) ?? null,
    steps: async () => null,
  };
}

function externalTensor(
  reader: ReleaseReader,
  path: string,
  tensor: OnnxTensor,
  location: string,
  offset: number,
): StoredTensor {
  const beside = folderOf(path) + location;
  const file = reader.release.files.find((listed) => listed.path === beside);
  const plain = plainTensor(reader, beside, offset, tensor);
  if (file === undefined) return { ...plain, read: async () => null };
  if (file.size !== null && offset + plain.bytes > file.size) {
    throw malformed(path, `tensor ${show(tensor.name)} lies outside ${show(location)}`);
  }
  return plain;
}
