import { log10 } from "../../statistics/elementary";

/**
 * Holm's step-down adjustment (S. Holm, Scandinavian Journal of Statistics 6, 1979) of log10 p-values: the i-th smallest
 * of m is multiplied by m − i + 1, kept monotone and at most 1. In the order of the arguments.
 */
export function holm(log10p: readonly number[]): number[] {
  const order = log10p.map((_, i) => i).sort((i, j) => (log10p[i] as number) - (log10p[j] as number));
  const adjusted = new Array<number>(log10p.length).fill(0);
  let largest = -Infinity;
  order.forEach((i, rank) => {
    const multiplied = (log10p[i] as number) + log10(log10p.length - rank);
    largest = Math.max(largest, Math.min(multiplied, 0));
    adjusted[i] = largest;
  });
  return adjusted;
}
