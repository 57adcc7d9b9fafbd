import { reason } from "../methods/facts";
import type { Reason } from "../methods/method";
import type { AlignedStatistics } from "../methods/weights-aligned/schema";
import { times } from "../methods/weights-independence/multiplicity";
import type { IndependenceStatistics } from "../methods/weights-independence/schema";

/**
 * What documented siblings say of a trained difference. α alone convicts the innocent: honest fine-tunes of one base on
 * the same data reach α = 1. Even beside siblings that all lack the resemblance, two fine-tunes of an instruct variant that
 * nobody named look like a copy (measured: ρ .93 beside .1 for the panel), and so do two runs on one public data set that
 * the panel did not see (ρ .95 beside .4). So a panel excludes a shared base and no more, and only where the given
 * ancestors are stated to be all there are.
 */
const ruleShare = 0.9;
export const fewestSiblings = 20;
/** A sibling is clearly below when not even half of its matrices satisfy the rule. */
const clearlyBelow = 0.5;
const sameBase = 0.5;
const moved = 0.03;
const privateLog10 = -9;

/** The sibling panel: at least twenty controls that share the base, all clearly below both sides' own agreement. */
export function panelAllows({ ancestry, panel }: AlignedStatistics): Reason | null {
  const own = ancestry?.symmetric;
  if (!own?.decidable || (own.ruleShare ?? 0) < ruleShare) return null;
  const siblings = distinct(panel).filter(
    ({ matrices, cosine, rho }) =>
      matrices > 0 &&
      Math.min(cosine.original, cosine.suspect) >= sameBase &&
      // A mirror of the base, or the base with noise, moved nowhere and tells nothing.
      Math.max(rho.original ?? 0, rho.suspect ?? 0) >= moved,
  );
  const highest = siblings.map(({ ruleShare: of }) => Math.max(of.original ?? 1, of.suspect ?? 1));
  if (siblings.length < fewestSiblings || !highest.every((share) => share < clearlyBelow)) return null;
  return reason("beyond-all-siblings", {
    siblings: siblings.length,
    share: own.ruleShare ?? 0,
    highest: Math.max(...highest),
  });
}

/** One release given twice is one sibling. */
function distinct(panel: AlignedStatistics["panel"]): AlignedStatistics["panel"] {
  const seen = new Map(panel.map((one) => [JSON.stringify({ ...one, control: 0 }), one]));
  return [...seen.values()];
}

/**
 * A group that no ancestor has, along an admissible axis: the one exact test that shared ancestry cannot fool. Equal
 * initial values can: who starts from one seed in one code keeps the numbering. So can an ancestor that was not
 * given.
 */
export function privateGroupAgrees(independence: IndependenceStatistics | null): Reason | null {
  const pooled = independence?.private?.pooled ?? null;
  if (independence === null || pooled === null) return null;
  const log10P = times(pooled.log10P, independence.multiplicity.screened);
  return log10P <= privateLog10 ? reason("private-group-agrees", { log10P }) : null;
}
