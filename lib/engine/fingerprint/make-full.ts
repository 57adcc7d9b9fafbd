import { EngineError } from "../errors";
import { malformed } from "../formats/strict-json";
import type { ReleaseReader } from "../io/source/release";
import { rounded } from "../statistics/round";
import { passOverRelease } from "../weights/full-pass-release";
import type { LeafStore } from "../weights/full-pass-store";
import type { ReleaseWeights, WeightTensor } from "../weights/release-weights";
import { addNormalised, commonParts, countsForSimhash, namedTensor } from "./common-parts";
import { withDigest } from "./document";
import { embeddingSketch } from "./embedding-sketch";
import { packFloats, packInt8 } from "./packed";
import { projectRows } from "./projection";
import { sampleRuns } from "./sampled-runs";
import { type FullFingerprint, type FullTensor, fullSchemaName, projectedRows } from "./schema";
import { fewestValues, simhashBits, simhashOf } from "./simhash";
import { tokenHashes } from "./token-hashes";

export interface FullOptions {
  /** Keeps what was read, so that a stopped one goes on. */
  readonly store?: LeafStore;
  /** Kernel threads; as many as there are cores, at most four, unless told. The result is the same. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Part of the bytes, 0 … 1. */
  readonly onProgress?: (part: number) => void;
}

/**
 * The full fingerprint: every byte of the weights is read once. @throws EngineError "bad-input" when bytes cannot be had,
 * "malformed-file" for values that are no finite numbers
 */
export async function makeFullFingerprint(
  reader: ReleaseReader,
  weights: ReleaseWeights,
  options: FullOptions = {},
): Promise<FullFingerprint> {
  const { signal } = options;
  const all = [...weights.tensors.values()];
  const whole = await wholeTensors(reader, options);
  const counted = countsForSimhash(all);
  const sums = new Float64Array(simhashBits);
  let values = 0;
  const tensors = all.map((tensor, index): FullTensor => {
    const { sketch, ...facts } = found(whole, tensor.name);
    if (counted[index]) {
      addNormalised(sums, sketch);
      values += tensor.rows * tensor.cols;
    }
    return { ...namedTensor(tensor), ...facts, sketch: packFloats(sketch) };
  });
  const tokens = await tokenHashes(reader, signal);
  const { simhash } = await sampleRuns(weights, signal ? { signal } : {});
  return withDigest<FullFingerprint>({
    schema: fullSchemaName,
    ...commonParts(reader, weights, tokens),
    sampledSimhash: simhash,
    simhash: values < fewestValues ? null : simhashOf(sums),
    tensors,
    projected: await projectedLayers(weights, signal),
    embeddings: await embeddingSketch(weights, tokens, signal),
  });
}

type WholeTensor = Pick<FullTensor, "root" | "mean" | "sd" | "kurtosis" | "rowNorms"> & {
  readonly sketch: Float32Array;
};

/** One pass over all bytes, tensor by tensor. */
async function wholeTensors(
  reader: ReleaseReader,
  options: FullOptions,
): Promise<ReadonlyMap<string, WholeTensor>> {
  const whole = new Map<string, WholeTensor>();
  const files = await passOverRelease(withLocalNames(reader), {
    ...options,
    onTensor({ tensor, root, shape, rowNorms, sketch }) {
      if (sketch === null) throw missing(tensor.name);
      if (shape === null) {
        throw malformed(tensor.stored, `${tensor.name} holds values that are no finite numbers`);
      }
      whole.set(tensor.name, {
        root,
        mean: rounded(shape.mean),
        sd: rounded(shape.sd),
        kurtosis: rounded(shape.kurtosis),
        rowNorms: rowNorms?.map(rounded) ?? null,
        sketch: Float32Array.from(sketch),
      });
    },
  });
  for (const { root, ...file } of files) if (root !== null) reader.full?.covered({ ...file, root });
  return whole;
}

/** A folder's large files have no hash until they are read: a pass that was stopped knows them by place, size and time. */
function withLocalNames(reader: ReleaseReader): ReleaseReader {
  const { release, localNames, full } = reader;
  if (localNames === undefined || localNames.size === 0) return reader;
  const files = release.files.map((file) => ({
    ...file,
    gitOid: file.gitOid ?? localNames.get(file.path) ?? null,
  }));
  return {
    release: { ...release, files },
    read: (...args) => reader.read(...args),
    readWhole: (...args) => reader.readWhole(...args),
    ...(full ? { full } : {}),
  };
}

function found(whole: ReadonlyMap<string, WholeTensor>, name: string): WholeTensor {
  const tensor = whole.get(name);
  if (tensor === undefined) throw missing(name);
  return tensor;
}

function missing(tensor: string): EngineError {
  return new EngineError("bad-input", `The bytes of ${tensor} cannot be had`, { tensor });
}

/** Which tensors' rows are kept: every layer's up projection, of the first expert where there are several. */
export function projectedTensors(tensors: Iterable<WeightTensor>): WeightTensor[] {
  return [...tensors].filter(
    ({ place, rows, cols }) =>
      place.role === "up" &&
      place.parameter === "weight" &&
      place.layer !== null &&
      (place.expert === null || place.expert === 0) &&
      rows >= 8 &&
      cols >= 8,
  );
}

/** The first rows of a tensor, in whole windows of eight, projected. Null when the bytes cannot be had. */
export async function projectFirstRows(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  signal?: AbortSignal,
): Promise<{ readonly rows: number; readonly values: Int8Array } | null> {
  const rows = Math.min(projectedRows, tensor.rows - (tensor.rows % 8));
  const values = await weights.read(tensor, 0, rows * tensor.cols, signal);
  return values && { rows, values: projectRows(values, rows, tensor.cols) };
}

async function projectedLayers(
  weights: ReleaseWeights,
  signal?: AbortSignal,
): Promise<FullFingerprint["projected"]> {
  const layers: FullFingerprint["projected"] = [];
  for (const tensor of projectedTensors(weights.tensors.values())) {
    const projected = await projectFirstRows(weights, tensor, signal);
    if (projected === null)
      throw new EngineError("bad-input", `The bytes of ${tensor.name} cannot be had`, {
        tensor: tensor.name,
      });
    layers.push({ tensor: tensor.name, rows: projected.rows, values: packInt8(projected.values) });
  }
  return layers;
}
