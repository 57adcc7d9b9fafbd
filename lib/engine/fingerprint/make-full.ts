import { EngineError } from "../errors";
import type { ReleaseReader } from "../io/source/release";
import type { ReleaseWeights, WeightTensor } from "../weights/release-weights";
import { addNormalised, commonParts, countsForSimhash, namedTensor } from "./common-parts";
import { withDigest } from "./document";
import { embeddingSketch } from "./embedding-sketch";
import { packInt8, unpackFloats } from "./packed";
import { projectRows } from "./projection";
import { sampleRuns } from "./sampled-runs";
import { type FullFingerprint, type FullTensor, fullSchemaName, projectedRows, sketchWidth } from "./schema";
import { fewestValues, simhashBits, simhashOf } from "./simhash";
import { tokenHashes } from "./token-hashes";

/** What one pass over all bytes of a tensor leaves of it. */
export type WholeTensor = Pick<FullTensor, "root" | "mean" | "sd" | "kurtosis" | "rowNorms" | "sketch">;

export interface FullOptions {
  /** Reads every byte of a tensor. Called once each, in the order of their names. */
  readonly wholeTensor: (tensor: WeightTensor) => Promise<WholeTensor>;
  readonly signal?: AbortSignal;
  /** Part of the bytes, 0 … 1. */
  readonly onProgress?: (part: number) => void;
}

/** The full fingerprint: every byte of the weights is read once. @throws EngineError "bad-input" when bytes cannot be had */
export async function makeFullFingerprint(
  reader: ReleaseReader,
  weights: ReleaseWeights,
  { wholeTensor, signal, onProgress }: FullOptions,
): Promise<FullFingerprint> {
  const all = [...weights.tensors.values()];
  const bytes = all.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const counted = countsForSimhash(all);
  const sums = new Float64Array(simhashBits);
  const tensors: FullTensor[] = [];
  const values = all.reduce((sum, { rows, cols }, index) => sum + (counted[index] ? rows * cols : 0), 0);
  let done = 0;
  for (const [index, tensor] of all.entries()) {
    const whole = await wholeTensor(tensor);
    tensors.push({ ...namedTensor(tensor), ...whole });
    if (counted[index]) addNormalised(sums, unpackFloats(whole.sketch, sketchWidth) ?? []);
    done += tensor.bytes;
    onProgress?.(bytes === 0 ? 1 : done / bytes);
  }
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
