import type { AlignedStatistics } from "../methods/weights-aligned/schema";

type Residual = NonNullable<AlignedStatistics["residual"]>;

interface ResidualBar {
  /** In standard deviations. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly expected: number | null;
}

/**
 * The residual's 64 narrow bins as wider bars, one of them centred on zero (values that rounding left alone differ by
 * exactly nothing): two bins a bar, or four where the grid of a number format makes neighbours alternate, which would be
 * read as a misfit.
 */
export function residualBars(residual: Residual): ResidualBar[] {
  const pairs = folded(residual, 2);
  const alternates =
    roughness(pairs.map(({ count }) => count)) > 1.5 * roughness(pairs.map(({ expected }) => expected ?? 0));
  return residual.expected !== null && alternates ? folded(residual, 4) : pairs;
}

function folded({ counts, expected }: Residual, width: number): ResidualBar[] {
  const bin = 8 / counts.length;
  const sum = (values: readonly number[], start: number, end: number) =>
    values.slice(start, end).reduce((total, value) => total + value, 0);
  return Array.from({ length: counts.length / width + 1 }, (_, at) => {
    const start = Math.max(0, (at - 0.5) * width);
    const end = Math.min(counts.length, (at + 0.5) * width);
    return {
      from: -4 + start * bin,
      to: -4 + end * bin,
      count: sum(counts, start, end),
      expected: expected === null ? null : sum(expected, start, end),
    };
  });
}

/** Ups and downs between neighbours over the whole. */
function roughness(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const steps = values.reduce((sum, value, at) => sum + Math.abs(value - (values[at + 1] ?? 0)), 0);
  return steps / Math.max(total, 1);
}
