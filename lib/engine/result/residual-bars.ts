import type { AlignedStatistics } from "../methods/weights-aligned/schema";

type Residual = NonNullable<AlignedStatistics["residual"]>;

export interface ResidualBars {
  /** Width of a bar in standard deviations; the first begins at −4. */
  readonly step: number;
  readonly counts: readonly number[];
  readonly expected: readonly number[] | null;
}

/**
 * The residual's 64 narrow bins as wider bars: pairs, or fours where the grid of a number format makes neighbours
 * alternate, which would be read as a misfit.
 */
export function residualBars({ counts, expected }: Residual): ResidualBars {
  const pairs = folded(counts, 2);
  const smooth = expected === null ? null : folded(expected, 2);
  const width = smooth !== null && roughness(pairs) > 1.5 * roughness(smooth) ? 4 : 2;
  return {
    step: (8 * width) / counts.length,
    counts: folded(counts, width),
    expected: expected === null ? null : folded(expected, width),
  };
}

function folded(values: readonly number[], width: number): number[] {
  return Array.from({ length: Math.ceil(values.length / width) }, (_, at) =>
    values.slice(at * width, (at + 1) * width).reduce((sum, value) => sum + value, 0),
  );
}

/** Ups and downs between neighbours over the whole. */
function roughness(values: readonly number[]): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const steps = values.reduce((sum, value, at) => sum + Math.abs(value - (values[at + 1] ?? 0)), 0);
  return steps / Math.max(total, 1);
}
