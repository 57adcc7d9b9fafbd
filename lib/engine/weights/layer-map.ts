import { pairMoments } from "../kernels";

/** Layers of one stack of the original by layers of its partner in the suspect. */
export interface LayerMap {
  readonly original: string;
  readonly suspect: string;
  readonly layers: { readonly original: readonly number[]; readonly suspect: readonly number[] };
  /** Mean centred cosine of the sampled matrices of layer i of the original and j of the suspect; rows by i. */
  readonly cosines: readonly Float64Array[];
  /** Corresponding layers [original, suspect], sorted. A layer may stand in several pairs, or in none. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Does anything but equal numbers correspond? */
  readonly moved: boolean;
}

/** Runs of one side's layers: layer → slot (what the tensor does in its layer) → values. */
export type LayerRuns = ReadonlyMap<number, ReadonlyMap<string, Float32Array>>;

/** Elements of each run that go into the table: over seven matrices the cosine of unrelated layers has sd .008. */
const elementsUsed = 2048;
/** Below this mean cosine two layers do not correspond. */
const resembles = 0.3;
/** A layer under another number must resemble by this much more than the one under the same number. */
const clearly = 0.1;

/**
 * Which layers correspond, from the cosines of all with all. Each layer names the one it resembles most; what either
 * side names counts, so that the map is the same when the sides are swapped. Descriptive: the best of many is no test.
 */
export function mapLayers(
  names: { original: string; suspect: string },
  a: LayerRuns,
  b: LayerRuns,
): LayerMap {
  const [left, right] = [[...a.keys()].sort(ascending), [...b.keys()].sort(ascending)];
  const cosines = left.map((i) => Float64Array.from(right, (j) => meanCosine(a.get(i), b.get(j))));
  const at = (i: number, j: number) => cosines[i]?.[j] ?? 0;
  const chosen = new Set<string>();
  const choose = (i: number, j: number) => chosen.add(`${i} ${j}`);
  right.forEach((layer, j) => {
    const i = strongest(left, layer, (k) => at(k, j));
    if (i !== -1) choose(i, j);
  });
  left.forEach((layer, i) => {
    const j = strongest(right, layer, (k) => at(i, k));
    if (j !== -1) choose(i, j);
  });
  const pairs = [...chosen].map((pair) => pair.split(" ").map(Number) as [number, number]);
  const [usedLeft, usedRight] = [new Set(pairs.map(([i]) => i)), new Set(pairs.map(([, j]) => j))];
  left.forEach((layer, i) => {
    const j = right.indexOf(layer);
    if (j !== -1 && !usedLeft.has(i) && !usedRight.has(j)) pairs.push([i, j]);
  });
  const named = pairs
    .map(([i, j]) => [left[i] as number, right[j] as number] as const)
    .sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  return {
    ...names,
    layers: { original: left, suspect: right },
    cosines,
    pairs: named,
    moved: named.some(([i, j]) => i !== j),
  };
}

/** Index of the layer with the largest cosine; the one of equal number unless another is clearly closer; −1 for none. */
function strongest(layers: readonly number[], same: number, cosine: (index: number) => number): number {
  let best = -1;
  for (let k = 0; k < layers.length; k++) if (best === -1 || cosine(k) > cosine(best)) best = k;
  const own = layers.indexOf(same);
  if (own !== -1 && (best === -1 || cosine(best) <= cosine(own) + clearly)) best = own;
  return best !== -1 && cosine(best) >= resembles ? best : -1;
}

function meanCosine(
  a: ReadonlyMap<string, Float32Array> | undefined,
  b: ReadonlyMap<string, Float32Array> | undefined,
): number {
  let [sum, n] = [0, 0];
  for (const [slot, mine] of a ?? []) {
    const theirs = b?.get(slot);
    if (theirs === undefined || theirs.length !== mine.length) continue;
    sum += centredCosine(mine.subarray(0, elementsUsed), theirs.subarray(0, elementsUsed));
    n += 1;
  }
  return n === 0 ? 0 : sum / n;
}

/** Pearson's correlation; 0 where a side is constant. */
export function centredCosine(a: Float32Array, b: Float32Array): number {
  const { n, sumA, sumB, sumAA, sumBB, sumAB } = pairMoments(a, b);
  const [va, vb] = [sumAA - (sumA * sumA) / n, sumBB - (sumB * sumB) / n];
  return va > 0 && vb > 0 ? (sumAB - (sumA * sumB) / n) / Math.sqrt(va * vb) : 0;
}

function ascending(a: number, b: number): number {
  return a - b;
}
