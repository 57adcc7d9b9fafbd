import type { Coded, ErrorTable } from "./agreement";
import { everyPair, jointErrors, tableOf } from "./agreement";
import { logMixture } from "./mixture";
import { SuccessCount, shiftedMean, shiftFor, type Trials } from "./poisson-binomial";

/** How far the log-odds of agreement of one pair lie from what its references lead one to expect. */
export interface Shift {
  /** Positions among the known-unrelated models, 0 being the original. */
  readonly a: number;
  readonly b: number;
  readonly shift: number;
  readonly errors: number;
  readonly agreeing: number;
}

export interface Robust {
  readonly log10: number;
  /** Independent references whose pairs tell what unrelated pairs do. */
  readonly families: number;
  readonly pairs: number;
  readonly mean: number;
  readonly sd: number;
  readonly tau: number;
  readonly df: number;
  readonly expected: number;
}

/** A reference that is independent of every other: of each family one member speaks. */
export interface KnownUnrelated {
  readonly coded: Coded;
  /** Whether pairs of it tell what unrelated pairs do (all, or those matched to original and suspect). */
  readonly counts: boolean;
}

/** Width of the law of the shift of one more pair. A function, so that the choice can be measured (docs/adr). */
export type Width = (spread: { readonly sd: number; readonly pairs: number; readonly families: number }) => {
  readonly tau: number;
  readonly df: number;
};

/** Version 1 of CANARIES.md: τ = sd √(1 + 1/pairs), as many degrees of freedom as references (chosen in ADR 22). */
export const widthByPairs: Width = ({ sd, pairs, families }) => ({
  tau: sd * Math.sqrt(1 + 1 / pairs),
  df: families,
});

/** Fewest references: each pair needs at least one more model that it is held against. */
export const fewestReferences = 2;

/**
 * p_robust of CANARIES.md. On each item where both were wrong, q_i = (a_i + 2 q0)/(w_i + 2), q0 = (Σa + ½)/(Σw + 1): how
 * often references that are wrong give the original's answer. Every ordered pair of known-unrelated models gives the shift δ that solves Σ logistic(logit q_i + δ) = (x + ½) n/(n + 1) for its x agreements of n. The
 * suspect is held against the law of one more such pair: p = ∫ P(PB(logistic(logit q_i + μ + τz)) ≥ Σh) t_df(z) dz.
 * `unrevealed` items count as disagreements at q0. Null where no spread can be estimated.
 */
export function robustP(
  original: Coded,
  suspect: Coded,
  references: readonly KnownUnrelated[],
  unrevealed: number,
  width: Width = widthByPairs,
): Robust | null {
  if (references.length < fewestReferences) return null;
  const codes = references.map(({ coded }) => coded);
  const errors = jointErrors(original, suspect, codes);
  const table = withUnrevealed(tableOf(errors, codes.length), unrevealed);
  if (table.errors === 0) return null;
  const shifts = shiftsOf(original, references).map(({ shift }) => shift);
  if (shifts.length < 2) return null;
  const { mean, sd } = momentsOf(shifts);
  const families = references.filter(({ counts }) => counts).length;
  const { tau, df } = width({ sd, pairs: shifts.length, families });
  const trials = expectedTrials(table);
  const log = logMixture(new SuccessCount(trials, table.agreeing), mean, tau, df);
  return {
    log10: Math.min(log / Math.LN10, 0),
    families,
    pairs: shifts.length,
    mean,
    sd,
    tau,
    df,
    expected: shiftedMean(trials, mean),
  };
}

/** The shifts of all ordered pairs of known-unrelated models; pairs without a joint error have none. */
export function shiftsOf(original: Coded, references: readonly KnownUnrelated[]): Shift[] {
  const found: Shift[] = [];
  const models = [original, ...references.map(({ coded }) => coded)];
  everyPair(models, (a, b, table) => {
    if (references[a - 1]?.counts === false || references[b - 1]?.counts === false) return;
    if (table.errors === 0) return;
    found.push({ a, b, shift: shiftOf(table), errors: table.errors, agreeing: table.agreeing });
  });
  return found;
}

/** δ of one pair. */
function shiftOf(table: ErrorTable): number {
  const { errors: n, agreeing: x } = table;
  return shiftFor(expectedTrials(table), ((x + 0.5) * n) / (n + 1));
}

/** q_i of every joint error, in groups. */
export function expectedTrials({ cells, most }: ErrorTable): Trials {
  const side = most + 1;
  let [a, w] = [0, 0];
  for (let wrong = 0; wrong <= most; wrong++) {
    for (let same = 0; same <= wrong; same++) {
      const count = cells[wrong * side + same] as number;
      a += count * same;
      w += count * wrong;
    }
  }
  const usual = (a + 0.5) / (w + 1);
  const chance: number[] = [];
  const count: number[] = [];
  for (let wrong = 0; wrong <= most; wrong++) {
    for (let same = 0; same <= wrong; same++) {
      const here = cells[wrong * side + same] as number;
      if (here === 0) continue;
      chance.push((same + 2 * usual) / (wrong + 2));
      count.push(here);
    }
  }
  return { chance, count };
}

/** Items that nobody opened: they count as joint errors without agreement, of which no reference tells anything. */
export function withUnrevealed(table: ErrorTable, unrevealed: number): ErrorTable {
  if (unrevealed === 0) return table;
  const cells = table.cells.slice();
  cells[0] = (cells[0] as number) + unrevealed;
  return { ...table, cells, errors: table.errors + unrevealed };
}

/** Mean and standard deviation (n − 1), whatever the order of the values. */
export function momentsOf(values: readonly number[]): { mean: number; sd: number } {
  const sorted = [...values].sort((x, y) => x - y);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, sd: Math.sqrt(squares / (sorted.length - 1)) };
}
