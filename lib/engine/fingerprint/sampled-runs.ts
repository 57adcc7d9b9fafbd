import { EngineError } from "../errors";
import { countSketch } from "../kernels";
import { rounded } from "../statistics/round";
import { tensorSketchKey } from "../weights/full-pass-tensor";
import type { ReleaseWeights, WeightTensor } from "../weights/release-weights";
import { addNormalised, countsForSimhash } from "./common-parts";
import { packFloats } from "./packed";
import { type LightTensor, lightSketchWidth } from "./schema";
import { fewestValues, simhashBits, simhashOf } from "./simhash";

const share = 0.0045;
const longest = 32_768;
const unit = 64;
const parallelReads = 32;

/**
 * The fixed public position of a tensor's sample: from row 256 on (row 0 on where there are fewer than 512), 0.45 % of
 * its elements and at most 32,768. Vocabularies that were extended keep it. Null for vectors and small matrices.
 */
export function sampledRun({
  rows,
  cols,
}: Pick<WeightTensor, "rows" | "cols">): { start: number; end: number } | null {
  if (rows < 2) return null;
  const wanted = Math.min(longest, Math.floor(rows * cols * share));
  const length = wanted - (wanted % unit);
  const start = rows < 512 ? 0 : 256 * cols;
  return length === 0 ? null : { start, end: start + length };
}

export interface SampledRuns {
  /** By tensor name. */
  readonly runs: ReadonlyMap<string, LightTensor["run"]>;
  readonly simhash: string | null;
}

/**
 * Reads every tensor's sample. @throws EngineError "bad-input" when bytes cannot be had, "malformed-file" for values
 * that are no finite numbers
 */
export async function sampleRuns(
  weights: ReleaseWeights,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (part: number) => void } = {},
): Promise<SampledRuns> {
  const tensors = [...weights.tensors.values()];
  const counted = countsForSimhash(tensors);
  const runs = new Map<string, LightTensor["run"]>();
  const sums = new Float64Array(simhashBits);
  let sampled = 0;
  for (let at = 0; at < tensors.length; at += parallelReads) {
    const batch = tensors.slice(at, at + parallelReads);
    const values = await Promise.all(
      batch.map((tensor) => {
        const place = sampledRun(tensor);
        return place && readRun(weights, tensor, place.start, place.end, options.signal);
      }),
    );
    for (const [index, tensor] of batch.entries()) {
      const read = values[index] ?? null;
      const place = sampledRun(tensor);
      if (read === null || place === null) runs.set(tensor.name, null);
      else runs.set(tensor.name, describe(tensor, place, read, counted[at + index] ? sums : null));
      if (counted[at + index]) sampled += read?.length ?? 0;
    }
    options.onProgress?.(Math.min(1, (at + parallelReads) / tensors.length));
  }
  return { runs, simhash: sampled < fewestValues ? null : simhashOf(sums) };
}

async function readRun(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  start: number,
  end: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const values = await weights.read(tensor, start, end, signal);
  if (values !== null) return values;
  throw new EngineError("bad-input", `The bytes of ${tensor.name} cannot be had`, { tensor: tensor.name });
}

function describe(
  tensor: WeightTensor,
  { start, end }: { start: number; end: number },
  values: Float32Array,
  sums: Float64Array | null,
): LightTensor["run"] {
  const { mean, sd } = meanAndSd(values, tensor.name);
  const centred = values.map((value) => value - mean);
  const wide = countSketch(centred, start, tensor.cols, tensorSketchKey(tensor));
  if (sums !== null) addNormalised(sums, wide);
  // Buckets are taken modulo the width: a narrower sketch is a wider one folded.
  const folded = new Float32Array(lightSketchWidth);
  for (let at = 0; at < folded.length; at++) {
    let sum = 0;
    for (let from = at; from < simhashBits; from += lightSketchWidth) sum += wide[from] as number;
    folded[at] = sum;
  }
  return { start, end, mean: rounded(mean), sd: rounded(sd), sketch: packFloats(folded) };
}

function meanAndSd(values: Float32Array, name: string): { mean: number; sd: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  const sd = Math.sqrt(squares / values.length);
  if (Number.isFinite(sd)) return { mean, sd };
  throw new EngineError("malformed-file", `${name}: it holds values that are no finite numbers`, {
    tensor: name,
  });
}
