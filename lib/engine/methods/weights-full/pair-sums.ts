import { mergeCentral, type Shape, shapeOf } from "../../kernels";
import { rounded } from "../../statistics/round";
import type { ReadPair } from "../../weights/full-read";
import type { BeyondAncestors, Compared } from "./schema";

type PairOf = Pick<ReadPair, "pass">;

/** One statement over all elements of these pairs. */
export function comparedOver(pairs: readonly PairOf[]): Compared {
  const sums = new Float64Array(7);
  const difference = new Float64Array(5);
  const read = pairs.flatMap(({ pass }) => (pass === null ? [] : [pass]));
  for (const pass of read) {
    for (let i = 0; i < 7; i++) sums[i] = (sums[i] as number) + (pass.sums[i] as number);
    mergeCentral(difference, pass.difference);
  }
  const [elements, a, b, aa, bb, ab, equal] = sums as unknown as [
    ...[number, number, number, number],
    ...[number, number, number],
  ];
  const finite = sums.every(Number.isFinite);
  return {
    pairs: read.length,
    elements,
    equal,
    cosine: finite
      ? cosineOf(ab - (a * b) / elements, aa - (a * a) / elements, bb - (b * b) / elements)
      : null,
    lambda:
      finite && aa > 0 && bb > 0
        ? { suspectOnOriginal: rounded(ab / aa), originalOnSuspect: rounded(ab / bb) }
        : null,
    difference: roundedShape(shapeOf(difference)),
  };
}

export function roundedShape(shape: Shape | null): Shape | null {
  return shape && { mean: rounded(shape.mean), sd: rounded(shape.sd), kurtosis: rounded(shape.kurtosis) };
}

function cosineOf(product: number, left: number, right: number): number | null {
  if (!(left > 0 && right > 0)) return null;
  return rounded(Math.min(1, Math.max(-1, product / Math.sqrt(left * right))));
}

/**
 * Regression of s = S − B1 on o = O − B1 and the other ancestors' mk = Bk − B1 over all elements, and the other way
 * round, from their scalar products alone (normal equations; no constant). Null without ancestors.
 */
export function beyondAncestors(
  pairs: readonly ReadPair[],
  ancestors: readonly number[],
): BeyondAncestors | null {
  if (ancestors.length === 0) return null;
  const size = ancestors.length + 1;
  const products = new Float64Array((size * (size + 1)) / 2);
  let [count, elements] = [0, 0];
  for (const { pass, withAncestors } of pairs) {
    if (pass === null || !withAncestors || !pass.products.every(Number.isFinite)) continue;
    count += 1;
    elements += pass.sums[0] as number;
    for (let i = 0; i < products.length; i++) {
      products[i] = (products[i] as number) + (pass.products[i] as number);
    }
  }
  const gram = square(products, size);
  const at = (i: number, j: number) => gram[i]?.[j] ?? 0;
  return {
    ancestors: [...ancestors],
    pairs: count,
    elements,
    suspectOnOriginal: slope(gram, 1, 0),
    originalOnSuspect: slope(gram, 0, 1),
    rho: cosineOf(at(0, 1), at(0, 0), at(1, 1)),
    sizeRatio: at(0, 0) > 0 ? rounded(Math.sqrt(at(1, 1) / at(0, 0))) : null,
  };
}

function square(upper: Float64Array, size: number): number[][] {
  const full = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let next = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++, next++) {
      const value = upper[next] ?? 0;
      (full[i] as number[])[j] = value;
      (full[j] as number[])[i] = value;
    }
  }
  return full;
}

/** Coefficient of `by` in the regression of `of` on it and the other ancestors; null where they do not determine it. */
function slope(gram: readonly number[][], of: 0 | 1, by: 0 | 1): BeyondAncestors["suspectOnOriginal"] {
  const others = gram.slice(2).map((_, index) => index + 2);
  const all = [by, ...others];
  const solved = solve(gram, all, of);
  const without = solve(gram, others, of);
  if (solved === null || without === null) return null;
  const at = (i: number, j: number) => gram[i]?.[j] ?? 0;
  const left = (chosen: readonly number[], x: readonly number[]) =>
    at(of, of) - chosen.reduce((sum, column, k) => sum + (x[k] as number) * at(column, of), 0);
  const [unexplained, rest] = [left(others, without), left(all, solved)];
  if (!(unexplained > 0)) return null;
  return {
    alpha: rounded(solved[0] as number),
    partialR2: rounded(Math.min(1, Math.max(0, 1 - rest / unexplained))),
  };
}

/** Gauss elimination with the largest pivot of each column, the first of equals; null where one is next to nothing. */
function solve(gram: readonly number[][], chosen: readonly number[], of: number): number[] | null {
  const n = chosen.length;
  const rows = chosen.map((i) => [...chosen.map((j) => gram[i]?.[j] ?? 0), gram[i]?.[of] ?? 0]);
  const scale = Math.max(0, ...chosen.map((i) => gram[i]?.[i] ?? 0));
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i]?.[k] ?? 0) > Math.abs(rows[best]?.[k] ?? 0)) best = i;
    }
    const pivot = rows[best] as number[];
    if (!(Math.abs(pivot[k] as number) > 1e-12 * scale)) return null;
    rows[best] = rows[k] as number[];
    rows[k] = pivot;
    for (let i = k + 1; i < n; i++) {
      const row = rows[i] as number[];
      const factor = (row[k] as number) / (pivot[k] as number);
      for (let j = k; j <= n; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const row = rows[k] as number[];
    let value = row[n] as number;
    for (let j = k + 1; j < n; j++) value -= (row[j] as number) * (x[j] as number);
    x[k] = value / (row[k] as number);
  }
  return x;
}
