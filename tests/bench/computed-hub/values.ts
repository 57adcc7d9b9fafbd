import type { ShapedTensor } from "./shapes";

/** A change on top of what came before: as training leaves it, or white noise. */
export interface Layer {
  readonly kind: "training" | "noise";
  readonly seed: number;
  /** Root mean square of the change of a matrix's element. */
  readonly size: number;
}

/** Weights as a sequence of steps, each rounded to bfloat16: initial values from a seed, then changes. */
export interface Recipe {
  readonly seed: number;
  readonly changes: readonly Layer[];
}

/** sd of a matrix's elements; gains stand around one half, as in trained models. */
const weightSd = 0.02;
const gainMean = 0.5;
const gainSd = 0.1;

/** So many quantiles of the normal distribution: a uniform index draws from it. Small enough for the first cache. */
const size = 4096;
const mask = size - 1;
const normal = normalQuantiles(size);
const initialWeights = normal.map((z) => roundToBf16(weightSd * z));
const initialGains = normal.map((z) => roundToBf16(gainMean + gainSd * z));
/** The same in a fixed disorder, for rows and columns, and scales: heavy-tailed, as updates are; mean square 1. */
const shuffled = normal.map((_, k) => normal[Math.imul(k, 1597) & mask] as number);
const spread = shuffled.map((_, k) =>
  Math.exp(0.45 * (shuffled[(k * 7 + 99) & mask] as number) - 0.45 * 0.45),
);

/**
 * Elements [start, end) of a tensor as bfloat16, the same whatever range they are asked for in. A change by training
 * has rows and columns of different size and one common direction; noise is white.
 */
export function computeElements(
  recipe: Recipe,
  tensor: ShapedTensor,
  start: number,
  end: number,
): Uint16Array {
  const values = new Float32Array(end - start);
  const bits = new Uint32Array(values.buffer);
  const key = textHash(tensor.name);
  draw(tensor.cols === 0 ? initialGains : initialWeights, mix(recipe.seed ^ key), start, values);
  const drawn = new Float32Array(values.length);
  for (const change of recipe.changes) {
    const seed = mix(change.seed ^ key);
    draw(normal, seed, start, drawn);
    if (change.kind === "training" && tensor.cols > 0) shapeUpdate(drawn, seed, start, tensor.cols);
    for (let k = 0; k < values.length; k += 1) {
      values[k] = (values[k] as number) + change.size * (drawn[k] as number);
      const word = bits[k] as number;
      bits[k] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
    }
  }
  const out = new Uint16Array(values.length);
  for (let k = 0; k < out.length; k += 1) out[k] = (bits[k] as number) >>> 16;
  return out;
}

function draw(table: Float32Array, seed: number, start: number, out: Float32Array): void {
  let k = 0;
  if (start % 2 === 1 && out.length > 0)
    out[k++] = table[(mix(seed + (start >>> 1)) >>> 16) & mask] as number;
  for (let at = (seed + (start + k) / 2) | 0; k + 1 < out.length; k += 2, at = (at + 1) | 0) {
    const word = mix(at);
    out[k] = table[word & mask] as number;
    out[k + 1] = table[(word >>> 16) & mask] as number;
  }
  if (k < out.length) out[k] = table[mix(seed + (start + k) / 2) & mask] as number;
}

/** z → row scale × column scale × z + a common direction (its singular value about three times the noise edge). */
function shapeUpdate(out: Float32Array, seed: number, start: number, cols: number): void {
  let row = Math.floor(start / cols);
  let col = start % cols;
  for (let k = 0; k < out.length; row += 1, col = 0) {
    const ofRow = mix(seed + 0x5bd1e995 + row);
    const scale = spread[ofRow & mask] as number;
    const common = 0.24 * (shuffled[(ofRow >>> 16) & mask] as number);
    const end = Math.min(out.length, k + cols - col);
    for (let at = (seed + col) | 0; k < end; k += 1, at = (at + 1) | 0) {
      const z = out[k] as number;
      out[k] = scale * (spread[at & mask] as number) * z + common * (shuffled[at & mask] as number);
    }
  }
}

/** A 32-bit hash with good avalanche ("lowbias32", Chris Wellons, public domain). */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** FNV-1a. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k += 1) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return hash >>> 0;
}

function roundToBf16(value: number): number {
  const bits = new Uint32Array(new Float32Array([value]).buffer);
  const word = bits[0] as number;
  bits[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0] as number;
}

/** Φ⁻¹((k + ½)/n), by Newton steps on an integrated density: slow and simple, once at start. */
function normalQuantiles(n: number): Float32Array {
  const quantiles = new Float32Array(n);
  const density = (z: number) => Math.exp(-z * z * 0.5) / Math.sqrt(2 * Math.PI);
  let z = 0;
  // From the middle outwards, one small step of probability at a time (midpoint rule on dz/dp = 1/φ).
  for (let k = n / 2; k < n; k += 1) {
    const step = (k === n / 2 ? 0.5 : 1) / n;
    const middle = z + (0.5 * step) / density(z);
    z += step / density(middle);
    quantiles[k] = z;
    quantiles[n - 1 - k] = -z;
  }
  return quantiles;
}
