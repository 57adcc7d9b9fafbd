import type { SeededStream } from "../weights/sample-seed";

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 400;

/** Draws of the bootstrap over n units: `resamples` rows of n indices. One set serves every statistic of a run. */
export function bootstrapDraws(stream: SeededStream, n: number): Uint32Array[] {
  if (n === 0) return [];
  return Array.from({ length: resamples }, () => Uint32Array.from({ length: n }, () => stream.below(n)));
}

/**
 * A statistic of units (tensors, never elements) with its percentile interval of 95 % (Efron & Tibshirani, *An
 * Introduction to the Bootstrap*, 1993, chapter 13). Null where the statistic itself is not finite; resamples on which
 * it is not finite are left out.
 */
export function bootstrapInterval(
  units: number,
  draws: readonly Uint32Array[],
  statistic: (chosen: ArrayLike<number>) => number,
): Interval | null {
  const value = statistic(Uint32Array.from({ length: units }, (_, i) => i));
  if (!Number.isFinite(value)) return null;
  const found = Float64Array.from(draws.map(statistic).filter(Number.isFinite)).sort();
  if (found.length === 0) return { value, low: value, high: value };
  const tail = Math.floor(0.025 * found.length);
  return { value, low: found[tail] as number, high: found[found.length - 1 - tail] as number };
}

/** Σ over the chosen units of one column by Σ of another: the pooled ratio. */
export function ratioOf(above: ArrayLike<number>, below: ArrayLike<number>) {
  return (chosen: ArrayLike<number>): number => {
    let [a, b] = [0, 0];
    for (let i = 0; i < chosen.length; i++) {
      a += above[chosen[i] as number] as number;
      b += below[chosen[i] as number] as number;
    }
    return a / b;
  };
}

/** Middle value; of an even number of values the mean of the two in the middle. NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] as number;
  return ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Standard deviation over mean (n − 1 in the denominator); null for fewer than two values or a mean of 0. */
export function variation(values: readonly number[]): number | null {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2 || !(mean > 0)) return null;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (n - 1)) / mean;
}
