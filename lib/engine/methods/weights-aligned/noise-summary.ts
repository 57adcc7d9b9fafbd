import { bootstrapInterval, type Interval, median, variation } from "../../statistics/bootstrap";
import type { TensorFacts } from "./tensor-facts";

/** The white residuals of a run together: one σ for all, one share of each tensor's spread, or neither. */
export interface NoiseSummary {
  readonly white: number;
  readonly of: number;
  readonly law: "constant" | "relative" | "none";
  /** σ, or σ over the sd of the values around which it lies; over the white matrices, the median with its interval. */
  readonly value: Interval;
  readonly sigma: Interval;
  /** Coefficients of variation over the white matrices. */
  readonly variation: { readonly constant: number | null; readonly relative: number | null };
  readonly kurtosis: number;
  readonly edge: number | null;
  /** White matrices in which the suspect's side carries the noise. */
  readonly onSuspect: number;
  /** Σ deviance over Σ degrees of freedom of the noise law, where equal values tell it. */
  readonly deviance: { readonly sum: number; readonly degrees: number };
}

const constantLeast = 0.06;
const relativeLeast = 0.15;

export function noiseSummary(
  facts: readonly TensorFacts[],
  draws: (n: number) => readonly Uint32Array[],
): NoiseSummary | null {
  const white = facts.flatMap(({ change, white: found, sd }) =>
    change === "noise" && found
      ? [{ found, around: found.side === "suspect" ? sd.original : sd.suspect }]
      : [],
  );
  if (white.length === 0) return null;
  const sigmas = white.map(({ found }) => found.sigma);
  const shares = white.map(({ found, around }) => found.sigma / around);
  const [constant, relative] = [variation(sigmas), variation(shares)];
  const law =
    constant !== null && constant <= constantLeast && constant <= (relative ?? 1)
      ? "constant"
      : relative !== null && relative <= relativeLeast
        ? "relative"
        : "none";
  const indices = draws(white.length);
  const middle = (values: readonly number[]) =>
    bootstrapInterval(values.length, indices, (chosen) =>
      median(Array.from(chosen, (i) => values[i] as number)),
    ) as Interval;
  const edges = white.map(({ found }) => found.edge).filter((edge) => edge !== null);
  return {
    white: white.length,
    of: facts.length,
    law,
    value: middle(law === "relative" ? shares : sigmas),
    sigma: middle(sigmas),
    variation: { constant, relative },
    kurtosis: median(white.map(({ found }) => found.kurtosis - found.kurtosisExpected)),
    edge: edges.length > 0 ? median(edges) : null,
    onSuspect: white.filter(({ found }) => found.side === "suspect").length,
    deviance: {
      sum: white.reduce((sum, { found }) => sum + (found.fit?.deviance ?? 0), 0),
      degrees: white.reduce((sum, { found }) => sum + (found.fit?.degrees ?? 0), 0),
    },
  };
}
