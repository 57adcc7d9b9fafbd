import { log } from "../../statistics/elementary";
import { type Coded, everyPair } from "./agreement";
import type { Exclusion } from "./schema";

/** Why a reference is left out, and of whom it is a copy. */
export interface Left {
  readonly excluded: Exclusion;
  readonly by: string | null;
}

/** Joint errors without which nothing is said of a pair. */
const fewestErrors = 20;
/** Independent models share up to .80 of their joint errors (99.9 % point, multiple choice). */
const leastShare = 0.8;
/** Robust standard deviations above the usual pair; and the least such deviation, in log-odds. */
const leastDistance = 5;
const leastSpread = 0.25;
/** Consistency of the median absolute deviation with the standard deviation of a normal law. */
const normalMad = 1.4826;

interface Named {
  readonly name: string;
  readonly weights: string | null;
}

/** References with the weights of the original, of the suspect, or of an earlier reference: the same model twice. */
export function sameWeights(
  original: Named,
  suspect: Named,
  references: readonly Named[],
): Map<number, Left> {
  const left = new Map<number, Left>();
  const seen = new Map<string, string>();
  for (const { name, weights } of [original, suspect]) if (weights !== null) seen.set(weights, name);
  references.forEach(({ name, weights }, at) => {
    if (weights === null) return;
    const by = seen.get(weights);
    if (by !== undefined) left.set(at, { excluded: "same-weights", by });
    else seen.set(weights, name);
  });
  return left;
}

/**
 * References whose wrong answers agree with those of another model as only a copy's do: on at least 80 % of at least 20
 * joint errors, and five robust standard deviations above the usual pair. Leaving one in only makes a finding harder
 * (it raises q and the spread), so a doubtful case stays in. `alike`: all pairs of references that agree so.
 */
export function copiesAmong(
  original: { readonly name: string; readonly coded: Coded },
  suspect: { readonly name: string; readonly coded: Coded },
  references: readonly { readonly name: string; readonly coded: Coded }[],
): { readonly left: Map<number, Left>; readonly alike: readonly (readonly [number, number])[] } {
  const models = [original.coded, suspect.coded, ...references.map(({ coded }) => coded)];
  const pairs: { a: number; b: number; errors: number; share: number; odds: number }[] = [];
  everyPair(models, (a, b, { errors, agreeing }) => {
    if (b < a || (a === 0 && b === 1) || errors < fewestErrors) return;
    const smoothed = (agreeing + 0.5) / (errors + 1);
    pairs.push({ a, b, errors, share: agreeing / errors, odds: log(smoothed / (1 - smoothed)) });
  });
  const usual = middle(pairs.map(({ odds }) => odds));
  const spread = Math.max(normalMad * middle(pairs.map(({ odds }) => Math.abs(odds - usual))), leastSpread);
  const found = pairs
    .filter(({ share, odds }) => share >= leastShare && odds - usual >= leastDistance * spread)
    .sort((x, y) => y.odds - x.odds || x.b - y.b || x.a - y.a);
  const left = new Map<number, Left>();
  const names = [original.name, suspect.name, ...references.map(({ name }) => name)];
  const kinds = ["copy-of-original", "copy-of-suspect"] as const;
  for (const { a, b } of found) {
    // A copy of what is left out already is left out for its own likeness to the original, if any.
    if (left.has(b - 2) || left.has(a - 2)) continue;
    left.set(b - 2, { excluded: kinds[a] ?? "copy-of-reference", by: names[a] ?? null });
  }
  return { left, alike: found.filter(({ a }) => a >= 2).map(({ a, b }) => [a - 2, b - 2]) };
}

function middle(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] as number;
  return ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
