import type { CanaryTerms } from "../terms";
import { sameWeights } from "./copies";
import { familiesOf } from "./families";
import type { ReferenceSet } from "./input";
import { panelsOf } from "./panels";

export interface PanelCount {
  /** Independent families of the references that decide. */
  readonly families: number;
  /** Why one of the given references does not count, by its position. */
  readonly left: ReadonlyMap<number, "claimed" | "not-fixed" | "same-weights">;
  /** Names in the terms that nobody has answered for. */
  readonly unasked: readonly string[];
}

/**
 * References as a judgement counts them before it looks at an answer: without claims, and of what was fixed beforehand
 * alone. Copies that only their errors give away are found when a pair is judged.
 */
export function countPanel(
  terms: CanaryTerms,
  original: { readonly name: string; readonly weights: string | null },
  references: readonly ReferenceSet[],
): PanelCount {
  const all = references.map((set, at) => ({ set, at }));
  const { counted, fixed, unasked } = panelsOf({ terms, order: { ok: true, withheld: [] } }, all);
  const left = new Map<number, "claimed" | "not-fixed" | "same-weights">();
  for (const one of all)
    if (!counted.includes(one)) left.set(one.at, "claimed");
    else if (!fixed.includes(one)) left.set(one.at, "not-fixed");
  const same = sameWeights(
    original,
    { name: "", weights: null },
    fixed.map(({ set }) => set),
  );
  const usable = fixed.filter(({ at }, position) => {
    if (same.has(position)) left.set(at, "same-weights");
    return !same.has(position);
  });
  const families = new Set(familiesOf(usable, [], terms.primary, null).values()).size;
  return { families, left, unasked };
}
