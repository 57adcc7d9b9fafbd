/** Count, mean and central power sums Σ(x − mean)^2 … ^4, as the kernels keep them. */
export type CentralSums = Float64Array;

/** Merges b into a (Pébay 2008, as in assembly/moments.ts). The order of merging is part of the result's bits. */
export function mergeCentral(a: CentralSums, b: CentralSums): void {
  const [na, ma, a2, a3, a4] = a as unknown as [number, number, number, number, number];
  const [nb, mb, b2, b3, b4] = b as unknown as [number, number, number, number, number];
  if (nb === 0) return;
  if (na === 0) {
    a.set(b);
    return;
  }
  const n = na + nb;
  const d = mb - ma;
  const r = d / n;
  a[0] = n;
  a[1] = ma + nb * r;
  a[2] = a2 + b2 + na * nb * d * r;
  a[3] = a3 + b3 + na * nb * (na - nb) * d * r * r + 3 * r * (na * b2 - nb * a2);
  a[4] =
    a4 +
    b4 +
    na * nb * (na * na - na * nb + nb * nb) * d * r * r * r +
    6 * r * r * (na * na * b2 + nb * nb * a2) +
    4 * r * (na * b3 - nb * a3);
}

export interface Shape {
  readonly mean: number;
  readonly sd: number;
  /** Excess kurtosis; 0 where all values are equal. */
  readonly kurtosis: number;
}

/** Mean, standard deviation and excess kurtosis; null where a value (or its fourth power) is not finite, or there is none. */
export function shapeOf(sums: CentralSums): Shape | null {
  const [n, mean, m2, , m4] = sums as unknown as [number, number, number, number, number];
  if (n === 0 || !sums.every(Number.isFinite)) return null;
  const variance = Math.max(0, m2) / n;
  const kurtosis = variance > 0 ? m4 / n / (variance * variance) - 3 : 0;
  return Number.isFinite(kurtosis) ? { mean, sd: Math.sqrt(variance), kurtosis } : null;
}

/** `count` quantiles (i + ½)/count of the rows' norms, ascending, from their sums of squares. */
export function normQuantiles(squares: Float64Array, count: number): number[] {
  const sorted = squares.slice().sort();
  return Array.from({ length: count }, (_, i) => {
    const at = Math.floor(((2 * i + 1) * sorted.length) / (2 * count));
    return Math.sqrt(sorted[at] ?? 0);
  });
}
