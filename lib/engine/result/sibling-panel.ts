import { reason } from "../methods/facts";
import type { Reason } from "../methods/method";
import type { AlignedStatistics } from "../methods/weights-aligned/schema";
import { times } from "../methods/weights-independence/multiplicity";
import type { IndependenceStatistics } from "../methods/weights-independence/schema";

/**
 * When a trained difference may be called derivation. α alone convicts the innocent: honest fine-tunes of one base on
 * the same data reach α = 1. So the rule asks for shared direction *and* documented siblings that lack it. Even then two
 * fine-tunes of an instruct variant that nobody named look like a copy (measured: ρ .93 beside .1 for the panel), so it
 * holds only where somebody states that the given ancestors are all there are.
 */
const ruleShare = 0.9;
export const fewestSiblings = 20;
/** A sibling is clearly below when not even half of its matrices satisfy the rule. */
const clearlyBelow = 0.5;
const sameBase = 0.5;
const privateLog10 = -9;

/** The sibling panel: at least twenty controls that share the base, all clearly below both sides' own agreement. */
export function panelAllows({ ancestry, panel }: AlignedStatistics): Reason | null {
  const own = ancestry?.symmetric;
  if (!own?.decidable || (own.ruleShare ?? 0) < ruleShare) return null;
  const siblings = panel.filter(
    ({ matrices, cosine }) => matrices > 0 && Math.min(cosine.original, cosine.suspect) >= sameBase,
  );
  const highest = siblings.map(({ ruleShare: of }) => Math.max(of.original ?? 1, of.suspect ?? 1));
  if (siblings.length < fewestSiblings || !highest.every((share) => share < clearlyBelow)) return null;
  return reason("beyond-all-siblings", {
    siblings: siblings.length,
    share: own.ruleShare ?? 0,
    highest: Math.max(...highest),
  });
}

/**
 * A group that no ancestor has, along an admissible axis: the one exact test that shared ancestry cannot fool. Equal
 * initial values can: who starts from one seed in one code keeps the numbering. It therefore excludes a shared base and
 * shared data, and never an equal start.
 */
export function privateGroupAgrees(independence: IndependenceStatistics | null): Reason | null {
  const pooled = independence?.private?.pooled ?? null;
  if (independence === null || pooled === null) return null;
  const log10P = times(pooled.log10P, independence.multiplicity.screened);
  return log10P <= privateLog10 ? reason("private-group-agrees", { log10P }) : null;
}
