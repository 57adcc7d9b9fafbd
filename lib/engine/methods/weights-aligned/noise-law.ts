import { erf, erfc, exp, log } from "../../statistics/elementary";
import { exponentOf, type NumberGrid, unitAt } from "../../weights/number-grid";

/**
 * The law of added noise on a grid: S = round(O + σZ), Z standard normal. For |O| in one binade the grid's unit u is
 * constant and P(equal) = erf(u / (2√2 σ)); where the centre is stored more finely than the grid, its offset from the
 * grid is uniform and P(equal) is the mean over offsets. σ is the maximum of the binomial likelihood over the binades;
 * the deviance says how well one σ explains them all.
 */
export interface NoiseFit {
  readonly sigma: number;
  /** Equal values that the fit rests on. */
  readonly observed: number;
  readonly deviance: number;
  readonly degrees: number;
  /** P(|D| equals 0) by the law, over all elements. */
  readonly equal: number;
  /** Second and fourth moment of S − O by the law. */
  readonly moment2: number;
  readonly moment4: number;
}

interface Binade {
  readonly unit: number;
  readonly n: number;
  readonly equal: number;
}

const binadeLeast = 32;

/** Elements by binade of the centre. Zeros are left out, and powers of two, whose lower neighbour is half as far. */
export function binadesOf(centre: Float32Array, other: Float32Array, grid: NumberGrid): Binade[] {
  const n = new Uint32Array(300);
  const equal = new Uint32Array(300);
  for (let i = 0; i < centre.length; i++) {
    const x = centre[i] as number;
    if (x === 0) continue;
    const exponent = exponentOf(x);
    if (Math.abs(x) === powers[exponent + 150]) continue;
    n[exponent + 150] = (n[exponent + 150] as number) + 1;
    if (x === other[i]) equal[exponent + 150] = (equal[exponent + 150] as number) + 1;
  }
  const found: Binade[] = [];
  for (let e = 0; e < 300; e++) {
    if ((n[e] as number) >= binadeLeast)
      found.push({ unit: unitAt(e - 150, grid), n: n[e] as number, equal: equal[e] as number });
  }
  return found;
}

const powers = Float64Array.from({ length: 300 }, (_, i) => 2 ** (i - 150));

/** P(equal) for a unit of `a` standard deviations. */
function equalShare(a: number, offset: boolean): number {
  if (!offset) return erf(a / (2 * Math.SQRT2));
  if (a < 1e-4) return a / rootTwoPi;
  // ∫ over offsets t in ±½ of Φ((½ − t)a) − Φ((−½ − t)a), with ∫Φ = xΦ(x) + φ(x).
  return 1 - erfc(a / Math.SQRT2) + (2 * (exp(-0.5 * a * a) - 1)) / (a * rootTwoPi);
}

const rootTwoPi = 2.5066282746310007;

function logLikelihood(binades: readonly Binade[], sigma: number, offset: boolean): number {
  let sum = 0;
  for (const { unit, n, equal } of binades) {
    const p = Math.min(1 - 1e-12, Math.max(1e-12, equalShare(unit / sigma, offset)));
    sum += equal * log(p) + (n - equal) * log(1 - p);
  }
  return sum;
}

/**
 * σ by maximum likelihood, or null where equal values tell nothing (fewer than one in a hundred, or nearly all).
 * `offset`: the centre was stored more finely than the grid. `moment2`: mean square of the difference.
 */
export function fitNoise(binades: readonly Binade[], offset: boolean, moment2: number): NoiseFit | null {
  const n = binades.reduce((sum, binade) => sum + binade.n, 0);
  const equal = binades.reduce((sum, binade) => sum + binade.equal, 0);
  if (n < 256 || equal < 0.01 * n || n - equal < 24) return null;
  // Far below a unit most noise is rounded away, just below one it is magnified: the deviation is a rough guide only.
  const around = Math.sqrt(moment2);
  const sigma = golden(around / 8, around * 64, (x) => logLikelihood(binades, x, offset));
  return {
    sigma,
    observed: equal,
    ...deviance(binades, sigma, offset),
    ...noiseMoments(binades, sigma, offset),
  };
}

const ratio = 0.6180339887498949;

/** Largest value of a function of one hump, by golden section on the logarithm: 36 steps, a part in 10^7. */
function golden(from: number, to: number, f: (x: number) => number): number {
  let [a, b] = [log(from), log(to)];
  const at = (x: number) => f(exp(x));
  let [c, d] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [fc, fd] = [at(c), at(d)];
  for (let step = 0; step < 36; step++) {
    if (fc > fd) {
      [b, d, fd] = [d, c, fc];
      c = b - ratio * (b - a);
      fc = at(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + ratio * (b - a);
      fd = at(d);
    }
  }
  return exp((a + b) / 2);
}

/** Twice the log-likelihood ratio against one P(equal) for each binade; binades with no room for chance do not count. */
function deviance(binades: readonly Binade[], sigma: number, offset: boolean) {
  let [sum, degrees, equal, all] = [0, -1, 0, 0];
  for (const binade of binades) {
    const p = equalShare(binade.unit / sigma, offset);
    equal += p * binade.n;
    all += binade.n;
    if (p * binade.n < 5 || (1 - p) * binade.n < 5) continue;
    degrees += 1;
    const [k, rest] = [binade.equal, binade.n - binade.equal];
    if (k > 0) sum += 2 * k * log(k / (p * binade.n));
    if (rest > 0) sum += 2 * rest * log(rest / ((1 - p) * binade.n));
  }
  return { deviance: sum, degrees: Math.max(0, degrees), equal: all > 0 ? equal / all : 0 };
}

/** E D² and E D⁴ of D = S − O: whole units with normal weights where σ is below four units, else σ and rounding apart. */
export function noiseMoments(binades: readonly Binade[], sigma: number, offset: boolean) {
  let [moment2, moment4, all] = [0, 0, 0];
  for (const { unit, n } of binades) {
    all += n;
    const a = unit / sigma;
    if (a < 0.25) {
      const r = unit * unit * (offset ? 1 / 6 : 1 / 12);
      moment2 += n * (sigma * sigma + r);
      moment4 += n * (3 * sigma * sigma * sigma * sigma + 6 * sigma * sigma * r + 2 * r * r);
      continue;
    }
    for (let k = 1; k <= 40; k++) {
      const p = 2 * unitShare(k, a, offset);
      if (p < 1e-18) break;
      const d = k * unit;
      moment2 += n * p * d * d;
      moment4 += n * p * d * d * d * d;
    }
  }
  return all === 0 ? { moment2: 0, moment4: 0 } : { moment2: moment2 / all, moment4: moment4 / all };
}

/** P(D = k units), k ≥ 1. */
function unitShare(k: number, a: number, offset: boolean): number {
  if (!offset) return (erfc(((k - 0.5) * a) / Math.SQRT2) - erfc(((k + 0.5) * a) / Math.SQRT2)) / 2;
  return (upper((k - 1) * a) - 2 * upper(k * a) + upper((k + 1) * a)) / a;
}

/** ∫ from x of 1 − Φ. */
function upper(x: number): number {
  return exp(-0.5 * x * x) / rootTwoPi - (x * erfc(x / Math.SQRT2)) / 2;
}
