/**
 * Elementary functions from + − × ÷, square root and the bits of a double alone, so that every machine gives the same
 * digits: ECMAScript leaves the last bits of its exp, log and pow to the host. Iteration counts are fixed.
 * Sources: Abramowitz & Stegun, Handbook of Mathematical Functions (AMS 55), by the formula numbers given below; the
 * two-part ln 2 is from W. J. Cody & W. Waite, Software Manual for the Elementary Functions, 1980.
 */

/** Upper 32 bits of ln 2 (a multiple of 2^-32: an exponent times it is exact), and the rest. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const halfLogTwoPi = 0.9189385332046728;
const twoOverRootPi = 1.1283791670955126;
const oneOverRootPi = 0.5641895835477563;
const rootTwoPi = 2.5066282746310007;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Index of the upper word: typed arrays follow the machine's byte order. */
const upper = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** 2^k, −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  words[upper] = (k + 1023) << 20;
  words[1 - upper] = 0;
  return float[0] as number;
}

/** The nearest whole number, halves away from zero; |x| < 2^31. */
function nearest(x: number): number {
  return x < 0 ? -((0.5 - x) | 0) : (x + 0.5) | 0;
}

/** e^r − 1 for |r| ≤ ½ ln 2 by its power series (4.2.1) up to r^14. */
function smallExpm1(r: number): number {
  let sum = 1;
  for (let n = 14; n >= 3; n--) sum = 1 + (r * sum) / n;
  return r + 0.5 * r * r * sum;
}

/** e^x. Relative error below 2 units in the last place (4 among subnormal results); 0 below −745.2, ∞ above 709.79. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = nearest(x / (ln2High + ln2Low));
  const mantissa = 1 + smallExpm1(x - k * ln2High - k * ln2Low);
  if (k > 1023) return mantissa * 2 * powerOfTwo(k - 1);
  return k < -1021 ? mantissa * powerOfTwo(k + 60) * powerOfTwo(-60) : mantissa * powerOfTwo(k);
}

/** e^x − 1 without cancellation near 0. Relative error below 6 units in the last place. */
export function expm1(x: number): number {
  return x > -0.34 && x < 0.34 ? smallExpm1(x) : exp(x) - 1;
}

/**
 * ln x. Relative error below 2 units in the last place; −∞ at 0, NaN below. x = 2^k (1 + f) with 1 + f in [√½, √2),
 * s = f / (2 + f), ln(1 + f) = 2 artanh s (4.1.28) with s² ≤ .0295 up to s^25.
 */
export function log(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  float[0] = x < 2.2250738585072014e-308 ? x * 18014398509481984 : x;
  let k = (((words[upper] as number) >>> 20) & 0x7ff) - 1023 - (x < 2.2250738585072014e-308 ? 54 : 0);
  words[upper] = ((words[upper] as number) & 0x000fffff) | (1023 << 20);
  let m = float[0] as number;
  if (m >= Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  if (f === 0) return k * ln2High + k * ln2Low;
  const s = f / (2 + f);
  const square = s * s;
  let tail = 0;
  for (let n = 25; n >= 3; n -= 2) tail = square * (2 / n + tail);
  // 2 artanh s = 2s + s·tail, and 2s = f − s·f; arranged so that f, the largest term, is added exactly and last.
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + tail) + k * ln2Low) - f);
}

/** ln(1 + x) without cancellation near 0. Relative error below 4 units in the last place; NaN below −1. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  return u === Infinity ? u : log(u) * (x / (u - 1));
}

/** The decimal logarithm. Relative error below 3 units in the last place, at powers of ten too (10^3 gives 2.9999999999999996). */
export function log10(x: number): number {
  return log(x) / Math.LN10;
}

/** e^(−x²): the square is taken in two parts, so that its rounding is not magnified. */
function gaussian(x: number): number {
  float[0] = x;
  words[1 - upper] = 0;
  const head = float[0] as number;
  return exp(-head * head) * exp(-(x - head) * (x + head));
}

/** erf x for 0 ≤ x ≤ 1 from 7.1.6, whose terms are all positive: 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (2n+1)!!. */
function seriesErf(x: number): number {
  const square = 2 * x * x;
  let sum = 1;
  for (let n = 30; n >= 1; n--) sum = 1 + (square / (2 * n + 1)) * sum;
  return twoOverRootPi * gaussian(x) * x * sum;
}

/** erfc x for x ≥ 1 from the continued fraction 7.1.14: e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))). */
function fractionErfc(x: number): number {
  let below = x;
  for (let n = x < 1.5 ? 200 : x < 3 ? 100 : 36; n >= 1; n--) below = x + n / 2 / below;
  return (oneOverRootPi * gaussian(x)) / below;
}

/** The error function. Relative error below 8 units in the last place. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 6) return 1;
  return x <= 1 ? seriesErf(x) : 1 - fractionErfc(x);
}

/** 1 − erf x without cancellation in the tail. Relative error below 16 units in the last place; 0 above 27.3. */
export function erfc(x: number): number {
  if (x > 27.3) return 0;
  if (x >= 1) return fractionErfc(x);
  return x < -1 ? 2 - (x < -6 ? 0 : fractionErfc(-x)) : 1 - erf(x);
}

/** B_2k / (2k (2k − 1)), k = 1 … 8, of Stirling's series 6.1.41. */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
] as const;

/**
 * ln Γ(x) for x > 0 (NaN otherwise): Stirling's series beyond 16, below it the recurrence Γ(x + 1) = x Γ(x). Error below
 * 4 units in the last place plus 2e-14 (the roots at 1 and 2 are not resolved better than that; both are exactly 0).
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let y = x;
  while (y < 16) {
    product *= y;
    y += 1;
  }
  const inverse = 1 / (y * y);
  let tail = 0;
  for (let k = stirling.length - 1; k >= 0; k--) tail = (stirling[k] as number) + tail * inverse;
  const large = (y - 0.5) * log(y) - y + halfLogTwoPi + tail / y;
  return product === 1 ? large : large - log(product);
}

/**
 * z with P(Z ≤ z) = p for a standard normal Z, 0 < p < 1: start from 26.2.22, then four steps of Halley's method on
 * erfc. Relative error below 1e-14 for p ≤ ½ (p near 1 is only as exact as 1 − p is); ∓∞ at 0 and 1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * log(p));
  let z = (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)) - t;
  for (let step = 0; step < 4; step++) {
    const density = exp(-0.5 * z * z) / rootTwoPi;
    const change = (0.5 * erfc(-z / Math.SQRT2) - p) / density;
    z -= change / (1 + 0.5 * z * change);
  }
  return z;
}
