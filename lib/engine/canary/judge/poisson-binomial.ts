import { exp, expm1, log, log1p } from "../../statistics/elementary";

/** Trials in groups of equal chance. */
export interface Trials {
  readonly chance: readonly number[];
  readonly count: readonly number[];
}

/** Entries of the tilted law below this are dropped: together less than 1e-30 of any tail. */
const negligible = 1e-40;

/** Groups of equal chance, in ascending order, whatever the order of the trials. */
export function trialsOf(chances: Iterable<number>): Trials {
  const counts = new Map<number, number>();
  for (const chance of chances) {
    if (!(chance >= 0 && chance <= 1)) throw new RangeError("a chance lies between 0 and 1");
    counts.set(chance, (counts.get(chance) ?? 0) + 1);
  }
  const chance = [...counts.keys()].sort((a, b) => a - b);
  return { chance, count: chance.map((value) => counts.get(value) as number) };
}

/** Expected number of successes when s is added to the log-odds of every chance. */
export function shiftedMean({ chance, count }: Trials, s: number): number {
  const factor = exp(s);
  let mean = 0;
  for (let g = 0; g < chance.length; g++) {
    const up = (chance[g] as number) * factor;
    mean += (count[g] as number) * (up / (1 - (chance[g] as number) + up));
  }
  return mean;
}

/** Where bisection of log-odds shifts begins: no chance that a panel can give needs more. */
const widest = 60;
const halvings = 100;

/** The shift s at which the expected number of successes is `mean`; ±60 where it lies beyond. */
export function shiftFor(trials: Trials, mean: number): number {
  let [low, high] = [-widest, widest];
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (shiftedMean(trials, middle) < mean) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The number X of successes of independent trials, seen from one value k. A common shift s of all log-odds is an
 * exponential tilt: P_s(X = j) ∝ P_0(X = j) e^(sj). So one law, tilted until its mean is k, gives P_s(X ≥ k) for every s
 * as a sum of positive terms near k, without underflow at any size (log domain outside, plain numbers inside), with a
 * relative error near n · 1e-16. Time n · min(n, 28 sd), memory n.
 */
export class SuccessCount {
  readonly #trials: Trials;
  /** Successes that chance must give, sure ones taken off; and the trials left. */
  readonly #k: number;
  readonly #n: number;
  /** P(X = j) at the tilt, for j = first … first + length − 1. */
  readonly #law: Float64Array;
  readonly #first: number;
  /** The shift at which the mean is k, and the standard deviation there. NaN at both ends. */
  readonly center: number;
  readonly sd: number;

  constructor({ chance, count }: Trials, k: number) {
    const random = chance.map((q, g) => ({ q, m: count[g] as number })).filter(({ q }) => q > 0 && q < 1);
    this.#trials = { chance: random.map(({ q }) => q), count: random.map(({ m }) => m) };
    this.#n = random.reduce((sum, { m }) => sum + m, 0);
    this.#k = k - chance.reduce((sum, q, g) => sum + (q === 1 ? (count[g] as number) : 0), 0);
    const inside = this.#k > 0 && this.#k < this.#n;
    this.center = inside ? shiftFor(this.#trials, this.#k) : Number.NaN;
    const tilted = inside ? tiltedLaw(this.#trials, this.#n, this.center) : null;
    this.#law = tilted?.law ?? new Float64Array(0);
    this.#first = tilted?.first ?? 0;
    this.sd = tilted?.sd ?? Number.NaN;
  }

  /** Whether P(X ≥ k) is 1, 0, or something that depends on the shift. */
  get certain(): 0 | 1 | null {
    if (this.#k <= 0) return 1;
    return this.#k > this.#n ? 0 : null;
  }

  /** ln P_s(X ≥ k); −∞ where it is impossible. */
  logUpper(s: number): number {
    if (this.certain !== null) return this.certain === 1 ? 0 : -Infinity;
    if (this.#k === this.#n) return this.#logAll(s);
    if (s <= this.center) return this.#scale(s) + log(this.#sum(s, 1));
    return log1p(-exp(this.logLower(s)));
  }

  /** ln P_s(X < k), exact where that is small. */
  logLower(s: number): number {
    if (this.certain !== null) return this.certain === 1 ? -Infinity : 0;
    if (this.#k === this.#n) return log(-expm1(this.#logAll(s)));
    if (s > this.center) return this.#scale(s) + log(this.#sum(s, -1));
    return log1p(-exp(this.logUpper(s)));
  }

  /** ln of the factor between the law at the tilt and that at s, at j = k. */
  #scale(s: number): number {
    return logMoment(this.#trials, this.center) - logMoment(this.#trials, s) + (s - this.center) * this.#k;
  }

  /** Σ law(j) e^((s − center)(j − k)) over j ≥ k (side 1) or j < k (side −1); every factor is at most 1. */
  #sum(s: number, side: 1 | -1): number {
    const step = exp(-Math.abs(s - this.center));
    const at = this.#k - this.#first;
    let sum = 0;
    let factor = side === 1 ? 1 : step;
    for (let j = side === 1 ? at : at - 1; j >= 0 && j < this.#law.length; j += side) {
      const term = (this.#law[j] as number) * factor;
      sum += term;
      if (factor < negligible) break;
      factor *= step;
    }
    return sum;
  }

  /** ln of the chance that all succeed. */
  #logAll(s: number): number {
    const { chance, count } = this.#trials;
    const factor = exp(-s);
    return chance.reduce((sum, q, g) => sum - (count[g] as number) * log1p(((1 - q) / q) * factor), 0);
  }
}

/** ln P(X ≥ k) of independent trials; 0 for k ≤ 0, −∞ beyond their number. */
export function logTail(trials: Trials, k: number): number {
  return new SuccessCount(trials, k).logUpper(0);
}

/** ln E e^(sX). */
function logMoment({ chance, count }: Trials, s: number): number {
  const grown = s > 0 ? exp(-s) : expm1(s);
  let sum = 0;
  for (let g = 0; g < chance.length; g++) {
    const q = chance[g] as number;
    sum += (count[g] as number) * (s > 0 ? s + log(q + (1 - q) * grown) : log1p(q * grown));
  }
  return sum;
}

function tiltedLaw({ chance, count }: Trials, n: number, s: number) {
  const factor = exp(s);
  const law = new Float64Array(n + 1);
  law[0] = 1;
  let [first, last, variance] = [0, 0, 0];
  for (let g = 0; g < chance.length; g++) {
    const up = (chance[g] as number) * factor;
    const hit = up / (1 - (chance[g] as number) + up);
    const miss = 1 - hit;
    variance += (count[g] as number) * hit * miss;
    for (let trial = 0; trial < (count[g] as number); trial++) {
      last += 1;
      for (let j = last; j > first; j--) {
        law[j] = (law[j] as number) * miss + (law[j - 1] as number) * hit;
      }
      law[first] = (law[first] as number) * miss;
      while ((law[last] as number) < negligible) {
        law[last] = 0;
        last -= 1;
      }
      while ((law[first] as number) < negligible) {
        law[first] = 0;
        first += 1;
      }
    }
  }
  return { law: law.slice(first, last + 1), first, sd: Math.sqrt(variance) };
}
