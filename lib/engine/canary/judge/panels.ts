import { namedReference } from "../terms";
import { nameKey } from "./families";
import { isClaimed, type JudgeInput, type ReferenceSet } from "./input";

export interface Panels<T> {
  /** Those that count at all: claimed ones neither help nor harm. */
  readonly counted: readonly T[];
  /** Of these the ones that were fixed before anybody could choose them by what they answer. */
  readonly fixed: readonly T[];
  /** Names in the terms without answers that count among the fixed ones. */
  readonly unasked: readonly string[];
}

/**
 * Which references decide: those that the terms name, or where they name none, all that were registered before the first
 * reveal. A mere name is fixed by its answers' date; a name with the digest of its weights at any time. In a local
 * computation nobody knows what answers are worth, and all are taken at their word.
 */
export function panelsOf<T extends { readonly set: ReferenceSet }>(
  { order, terms }: Pick<JudgeInput, "order" | "terms">,
  references: readonly T[],
): Panels<T> {
  if (order.ok === null) return { counted: references, fixed: references, unasked: [] };
  const counted = references.filter(({ set }) => !isClaimed(set));
  const named = (terms.references ?? []).map((text) => ({ text, ...namedReference(text) }));
  if (named.length === 0)
    return { counted, fixed: counted.filter(({ set }) => set.beforeReveal), unasked: [] };
  const isMeant = ({ name, weights }: (typeof named)[number], { set }: T) =>
    nameKey(name) === nameKey(set.name) && (weights === null ? set.beforeReveal : weights === set.weights);
  return {
    counted,
    fixed: counted.filter((one) => named.some((entry) => isMeant(entry, one))),
    unasked: named.filter((entry) => !counted.some((one) => isMeant(entry, one))).map(({ name }) => name),
  };
}
