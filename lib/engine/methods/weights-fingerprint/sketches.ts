import { unpackFloats } from "../../fingerprint/packed";
import { type FullFingerprint, type FullTensor, sketchWidth } from "../../fingerprint/schema";
import { median } from "../../statistics/bootstrap";
import { gramOf, partialFit } from "../../statistics/regression";
import { rounded } from "../../statistics/round";
import { exponentOf, gridOf, unitAt } from "../../weights/number-grid";
import { pairTensors } from "../../weights/pair-tensors";
import type { FingerprintStatistics, SketchedPair } from "./schema";
import type { Side } from "./sides";

const mostListed = 2048;

/** Cosine with its 95 % interval: sd = (1 − c²)/√k. */
export function withInterval(value: number, k = sketchWidth): SketchedPair["cosine"] {
  const c = Math.max(-1, Math.min(1, value));
  const half = (1.96 * (1 - c * c)) / Math.sqrt(k);
  return { value: rounded(c), low: rounded(Math.max(-1, c - half)), high: rounded(Math.min(1, c + half)) };
}

export interface SketchedTensor {
  readonly tensor: FullTensor;
  readonly sketch: Float32Array;
}

/**
 * Cosine of the centred matrices, from their sketches: <a,b> less n·mean(a)·mean(b), over lengths made the same way.
 * Null where a matrix is constant. n: elements that both have.
 */
export function sketchedCosine(a: SketchedTensor, b: SketchedTensor): number | null {
  const [meanA, meanB] = [a.tensor.mean, b.tensor.mean];
  const elements = ({ tensor: { rows, cols } }: SketchedTensor) => rows * cols;
  const shared = Math.min(elements(a), elements(b));
  const ab = dot(a.sketch, b.sketch) - shared * meanA * meanB;
  const aa = dot(a.sketch, a.sketch) - elements(a) * meanA * meanA;
  const bb = dot(b.sketch, b.sketch) - elements(b) * meanB * meanB;
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

export function compareSketches(
  original: Side & { readonly full: FullFingerprint },
  suspect: Side & { readonly full: FullFingerprint },
  ancestors: readonly (Side & { readonly full: FullFingerprint })[],
): NonNullable<FingerprintStatistics["sketches"]> {
  const [mine, theirs] = [sketched(original.full), sketched(suspect.full)];
  const older = ancestors.map((ancestor) => ({
    of: sketched(ancestor.full),
    names: partners(original, ancestor),
  }));
  const pairs: SketchedPair[] = [];
  for (const { original: one, suspect: other, group } of pairTensors(original.table, suspect.table).pairs) {
    const [a, b] = [mine.get(one.name), theirs.get(other.name)];
    if (!a || !b || one.cols !== other.cols) continue;
    const cosine = sketchedCosine(a, b);
    if (cosine === null) continue;
    const bases = older.flatMap(({ of, names }) => {
      const base = of.get(names.get(one.name) ?? "");
      return base && base.tensor.cols === one.cols ? [base] : [];
    });
    pairs.push({
      original: one.name,
      suspect: other.name,
      group,
      layer: one.place.layer,
      cosine: withInterval(cosine),
      beyondAncestors: beyond(a, b, bases),
    });
  }
  const eligible = pairs.flatMap(({ beyondAncestors }) => (beyondAncestors ? [beyondAncestors] : []));
  return {
    pairs: pairs.slice(0, mostListed),
    more: Math.max(0, pairs.length - mostListed),
    medianCosine: middle(pairs.map(({ cosine }) => cosine.value)),
    eligible: eligible.length,
    medianRho: middle(eligible.map(({ rho }) => rho.value)),
    medianAlpha: middle(eligible.map(({ alpha }) => alpha)),
  };
}

/** Sketches are linear: what is left of both sides without the ancestors is the difference of the sketches. */
function beyond(
  a: SketchedTensor,
  b: SketchedTensor,
  [base, ...others]: readonly SketchedTensor[],
): SketchedPair["beyondAncestors"] {
  if (base === undefined) return null;
  const minus = (from: SketchedTensor) => from.sketch.map((value, at) => value - (base.sketch[at] as number));
  const [o, s, m] = [minus(a), minus(b), others.map(minus)];
  if (!differsEnough(o, a.tensor) || !differsEnough(s, b.tensor)) return null;
  const { oo, ss, os } = partialFit(gramOf([...m, o, s]));
  if (!(oo > 0) || !(ss > 0)) return null;
  return {
    rho: withInterval(os / Math.sqrt(oo * ss)),
    alpha: rounded(os / oo),
    lengthRatio: rounded(Math.sqrt(ss / oo)),
    partialR2: rounded(Math.min(1, (os * os) / (oo * ss))),
  };
}

/** Root mean square of the difference of at least two steps of the stored format at the tensor's own standard deviation. */
function differsEnough(difference: Float32Array, { rows, cols, sd, dtype }: FullTensor): boolean {
  const grid = gridOf(dtype);
  if (!(sd > 0) || grid === null) return false;
  const rms = Math.sqrt(dot(difference, difference) / (rows * cols));
  return rms >= 2 * unitAt(exponentOf(sd), grid);
}

function sketched({ tensors }: FullFingerprint): ReadonlyMap<string, SketchedTensor> {
  return new Map(
    tensors.flatMap((tensor): [string, SketchedTensor][] => {
      const sketch = tensor.rows > 1 && tensor.cols > 1 ? unpackFloats(tensor.sketch, sketchWidth) : null;
      return sketch ? [[tensor.name, { tensor, sketch }]] : [];
    }),
  );
}

/** Tensor of one release → tensor of another that stands for it. */
function partners(from: Side, to: Side): ReadonlyMap<string, string> {
  return new Map(
    pairTensors(from.table, to.table).pairs.map(({ original, suspect }) => [original.name, suspect.name]),
  );
}

function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : rounded(median(values));
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
