import { sameWeights } from "@/lib/engine/canary/judge";
import type { Database } from "@/lib/platform/database";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import type { PanelDto } from "./dto";
import type { Judged } from "./judge/authenticity";
import { referencesOf } from "./judge/references";

/** Without terms: what the terms of every set demand at least. */
const usualNeed = 5;

/**
 * The reference panel as a judgement would count it: independent families with a usable member. Copies that only the
 * answers give away are found when a pair is judged.
 */
export async function panelOf(
  db: Database,
  set: CanarySet,
  worthOf: (row: CanaryAnswerSet) => Judged | Promise<Judged>,
): Promise<PanelDto> {
  const [{ taken, leftOut }, original] = await Promise.all([
    referencesOf(db, set, worthOf),
    db.canaryAnswerSet.findFirst({
      where: { canarySetId: set.id, role: "original", confirmsId: null, redactionId: null },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    }),
  ]);
  const nobody = { name: "", weights: null };
  const rows = taken.map(({ row }) => row);
  const copies = sameWeights(original ?? nobody, nobody, rows);
  const usable = rows.filter((_, at) => !copies.has(at));
  const terms = set.terms as { readonly needsReferences?: number } | null;
  return {
    registered: taken.length + leftOut.length,
    // A model without a stated family is one of its own.
    families: new Set(usable.map(({ family, name }) => family ?? name)).size,
    needed: terms?.needsReferences ?? usualNeed,
    leftOut: [
      ...leftOut,
      ...[...copies.keys()].map((at) => {
        const { id = "", name = "" } = rows[at] ?? {};
        return { id, name, reason: "same-weights" };
      }),
    ],
  };
}
