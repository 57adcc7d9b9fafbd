import { rounded } from "../../statistics/round";
import type { RowBlock } from "../../statistics/row-matching";
import type { MatchedRows } from "./schema";

/** Index of a row in a, and of the row in b that answers it. */
export type RowPair = readonly [number, number];

/** How much larger each row of b is than its partner: λ = |⟨b, a⟩| / ⟨a, a⟩ (a neuron may change its sign with its output). */
export function rowScales(
  a: RowBlock,
  b: RowBlock,
  pairs: readonly RowPair[],
): { median: number; variation: number | null } {
  const scales = pairs.map(([i, j]) => Math.abs(scaleOf(a, b, i, j))).sort((x, y) => x - y);
  if (scales.length < 8) return { median: 0, variation: null };
  const { mean, sd } = spreadOf(scales);
  return { median: scales[scales.length >> 1] as number, variation: mean > 0 ? sd / mean : null };
}

/**
 * What happened to matched rows beside being moved: how alike they are, how many values are equal, whether neurons were
 * rescaled one by one, and what remains after that. White noise leaves a residual of one size in every row and without
 * excess kurtosis; training does neither (Decisions, docs/METHODS.md).
 */
export function matchedRows(a: RowBlock, b: RowBlock, pairs: readonly RowPair[]): MatchedRows | null {
  if (pairs.length < 8) return null;
  const { cols } = a;
  const scales = rowScales(a, b, pairs);
  let [equal, cosines, second, fourth, size] = [0, 0, 0, 0, 0];
  const rowSizes: number[] = [];
  for (const [i, j] of pairs) {
    const scale = scaleOf(a, b, i, j);
    let [aa, bb, ab, rest] = [0, 0, 0, 0];
    for (let k = 0; k < cols; k++) {
      const [x, y] = [a.values[i * cols + k] as number, b.values[j * cols + k] as number];
      if (x === y) equal += 1;
      aa += x * x;
      bb += y * y;
      ab += x * y;
      const left = y - scale * x;
      rest += left * left;
      fourth += left * left * left * left;
    }
    cosines += aa > 0 && bb > 0 ? Math.abs(ab) / Math.sqrt(aa * bb) : 0;
    second += rest;
    size += bb;
    rowSizes.push(Math.sqrt(rest / cols));
  }
  const n = pairs.length * cols;
  const variance = second / n;
  const nothingLeft = second <= 1e-12 * size;
  const kurtosis = nothingLeft ? null : fourth / n / (variance * variance) - 3;
  const { mean, sd } = spreadOf(rowSizes);
  const residualVariation = nothingLeft || mean === 0 ? 0 : sd / mean;
  const chance = 1 / Math.sqrt(2 * cols);
  return {
    rows: pairs.length,
    cosine: rounded(cosines / pairs.length),
    equal: rounded(equal / n),
    scale: rounded(scales.median),
    scaleVariation: rounded(scales.variation ?? 0),
    residual: rounded(nothingLeft ? 0 : Math.sqrt(second / size)),
    residualKurtosis: kurtosis === null ? null : rounded(kurtosis),
    residualVariation: rounded(residualVariation),
    white:
      kurtosis !== null && Math.abs(kurtosis) < 0.1 + 10 / Math.sqrt(n) && residualVariation < 1.5 * chance,
  };
}

/** Mean |cosine| of rows at their own index. */
export function meanCosine(a: RowBlock, b: RowBlock, rows: readonly number[]): number | null {
  const { cols } = a;
  let sum = 0;
  for (const row of rows) {
    let [aa, bb, ab] = [0, 0, 0];
    for (let at = row * cols; at < (row + 1) * cols; at++) {
      const [x, y] = [a.values[at] as number, b.values[at] as number];
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    if (aa > 0 && bb > 0) sum += Math.abs(ab) / Math.sqrt(aa * bb);
  }
  return rows.length === 0 ? null : sum / rows.length;
}

function scaleOf(a: RowBlock, b: RowBlock, i: number, j: number): number {
  const { cols } = a;
  let [aa, ab] = [0, 0];
  for (let k = 0; k < cols; k++) {
    const x = a.values[i * cols + k] as number;
    aa += x * x;
    ab += x * (b.values[j * cols + k] as number);
  }
  return aa > 0 ? ab / aa : 0;
}

function spreadOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, sd: Math.sqrt(squares / values.length) };
}
