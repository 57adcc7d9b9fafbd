import { exp, log } from "../../statistics/elementary";
import type { SuccessCount } from "./poisson-binomial";
import { logDensity, logSurvival } from "./student";

/** Abscissae and weights of Gauss and Legendre's rule with ten points (Abramowitz & Stegun, table 25.4), one half. */
const abscissae = [
  0.14887433898163122, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717,
] as const;
const weights = [
  0.29552422471475287, 0.26926671930999635, 0.21908636251598204, 0.1494513491505806, 0.06667134430868814,
] as const;

/** Distances of the ends of panels from a center, in its own widths; beyond them they double. */
const near = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40] as const;
const doublings = 24;

/** ln of the share of the largest part below which a panel is passed over. */
const share = -34;

/**
 * ln ∫ P_{μ+τz}(X ≥ k) t_df(z) dz: the tail of a count of successes whose common shift of log-odds is itself drawn.
 * Fixed panels around both places where the integrand changes (the shift at which the mean is k, and μ), ten points each;
 * beyond the last panel the tail of t alone. Relative error below 1e-8 (checked against SciPy). τ = 0 is the point μ.
 */
export function logMixture(count: SuccessCount, mean: number, tau: number, df: number): number {
  if (count.certain !== null || tau === 0) return count.logUpper(mean);
  // All trials must succeed: there is no shift at which the mean is k; the chance is even where it is.
  const center = Number.isNaN(count.center) ? evenShift(count) : count.center;
  const width = Number.isNaN(count.sd) ? 1 : 1 / count.sd;
  const far = logSurvival((center - mean) / tau, df);
  const ends = panelEnds(center, width, mean, tau);
  const panels = ends.slice(1).map((high, i) => ({ low: ends[i] as number, high }));
  const density = (s: number) => logDensity((s - mean) / tau, df) - log(tau);
  // The chance rises with the shift, so the end nearer to the center bounds what a panel can add.
  const above = panels
    .filter(({ high }) => high <= center)
    .map((panel) => ({ ...panel, most: count.logUpper(panel.high) + logPeak(panel, mean, tau, df) }));
  const below = panels
    .filter(({ low }) => low >= center)
    .map((panel) => ({ ...panel, most: count.logLower(panel.low) + logPeak(panel, mean, tau, df) }));
  const scale = above.reduce((largest, { most }) => Math.max(largest, most), far);
  let sum = exp(far - scale);
  for (const { low, high, most } of above) {
    if (most - scale > share) sum += integral(low, high, (s) => count.logUpper(s) + density(s) - scale);
  }
  for (const { low, high, most } of below) {
    if (most - scale > share) sum -= integral(low, high, (s) => count.logLower(s) + density(s) - scale);
  }
  return scale + log(sum);
}

/** ln of the largest density in the panel times its width in z. */
function logPeak({ low, high }: Panel, mean: number, tau: number, df: number): number {
  const closest = mean < low ? low : mean > high ? high : mean;
  return logDensity((closest - mean) / tau, df) + log((high - low) / tau);
}

interface Panel {
  readonly low: number;
  readonly high: number;
}

function panelEnds(center: number, width: number, mean: number, tau: number): number[] {
  const ends = new Set<number>();
  for (const [from, unit] of [
    [center, width],
    [mean, tau],
  ] as const) {
    for (const step of near) {
      ends.add(from - step * unit);
      ends.add(from + step * unit);
    }
    for (let step = 80, n = 0; n < doublings; step *= 2, n++) {
      ends.add(from - step * unit);
      ends.add(from + step * unit);
    }
  }
  return [...ends].sort((a, b) => a - b);
}

function integral(low: number, high: number, logOf: (s: number) => number): number {
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  let sum = 0;
  for (let i = 0; i < abscissae.length; i++) {
    const reach = half * (abscissae[i] as number);
    sum += (weights[i] as number) * (exp(logOf(middle - reach)) + exp(logOf(middle + reach)));
  }
  return half * sum;
}

/** The shift at which P(X ≥ k) is ½, by bisection. */
function evenShift(count: SuccessCount): number {
  let [low, high] = [-60, 60];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (exp(count.logUpper(middle)) < 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
