import { termsSchema } from "@/lib/engine/canary";
import { countPanel, type ReferenceSet } from "@/lib/engine/canary/judge";
import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import type { PanelDto } from "./dto";
import { firstOriginal } from "./first-original";
import type { Judged } from "./judge/authenticity";
import { isFixedBefore } from "./judge/build-bundle";
import { originOf } from "./judge/origin";
import { referencesOf } from "./judge/references";

/** Without terms: what the terms of every set demand at least. */
const usualNeed = 5;

/** The reference panel as a judgement would count it before it looks at an answer. */
export async function panelOf(
  db: Database,
  set: CanarySet,
  worthOf: (row: CanaryAnswerSet) => Judged | Promise<Judged>,
): Promise<PanelDto> {
  const [{ taken, leftOut }, original] = await Promise.all([
    referencesOf(db, set, worthOf),
    firstOriginal(db, set),
  ]);
  const registered = taken.length + leftOut.length;
  const terms = termsSchema.safeParse(set.terms);
  // Without readable terms nothing is ever judged, and nothing counts.
  if (!terms.success) return { registered, families: 0, needed: usualNeed, unasked: [], leftOut };
  const references = await Promise.all(
    taken.map(async ({ row, worth }): Promise<ReferenceSet> => {
      const [origin, beforeReveal] = await Promise.all([originOf(db, row), isFixedBefore(db, set, row)]);
      return {
        role: "reference",
        name: row.name,
        family: row.family ?? row.name,
        origin: origin.agreed,
        kin: origin.kin,
        weights: row.weights,
        authenticity: worth.class,
        transcript: null,
        answers: [],
        beforeReveal,
      };
    }),
  );
  const nobody = { name: "", weights: null };
  const { families, left, unasked } = countPanel(terms.data, original ?? nobody, references);
  return {
    registered,
    families,
    needed: terms.data.needsReferences,
    unasked,
    leftOut: [
      ...leftOut,
      ...[...left].map(([at, reason]) => {
        const { id = "", name = "" } = taken[at]?.row ?? {};
        return { id, name, reason };
      }),
    ],
  };
}
