import { reason } from "../methods/facts";
import type { Json, MethodOutcome, Reason } from "../methods/method";
import type { Relation, ResultSummary, TensorGroup, Transformation } from "./document";
import { summaryText } from "./summary-text";

/**
 * The summary, by coded rules only. They use nothing but the methods' outcomes, and are symmetric: swapping the sides
 * swaps the rename map and nothing else.
 *
 * 1. All weight files of every shared format have the same content hash → identical, notIndependent true.
 * 2. Both sides' shapes are known and not one matrix shape is shared → incomparable: no method here could be applied.
 * 3. Otherwise no weight was read → inconclusive, notIndependent null, whatever else was found.
 *
 * A declared lineage is a reason and leaves the relation alone.
 */
export function summarise(outcomes: readonly MethodOutcome[], ancestorsGiven: number): ResultSummary {
  const of = (id: string) => outcomes.find((outcome) => outcome.method === id);
  const [identity, architecture] = [of("identity"), of("architecture")];
  const sameWeights = identity?.reasons.find((given) => given.code === "all-weight-files-equal");
  const inAncestor = sameWeights?.facts.inAncestor === true;
  const incomparable = has(architecture, "no-shape-in-common");
  const relation: Relation = sameWeights ? "identical" : incomparable ? "incomparable" : "inconclusive";

  const reasons: Reason[] = [];
  if (sameWeights) reasons.push(reason("weight-files-identical", { inAncestor }));
  else reasons.push(reason("no-weight-read"));
  if (incomparable && !sameWeights) reasons.push(reason("structures-have-nothing-in-common"));
  if (ancestorsGiven === 0) reasons.push(reason("no-ancestor-given"));
  for (const outcome of outcomes)
    reasons.push(reason("method-says", { method: outcome.method, says: outcome.says }));
  if (of("lineage")?.says === "declared") reasons.push(reason("lineage-declared"));

  const statistics = architecture?.statistics ?? {};
  const summary = {
    relation,
    notIndependent: sameWeights ? true : null,
    closest: sameWeights
      ? inAncestor
        ? ("ancestor" as const)
        : ("original" as const)
      : ("unknown" as const),
    cannotExclude: cannotExclude(relation, inAncestor || ancestorsGiven === 0),
    groups: groups(statistics.groups, relation),
    transformations: listOf<Transformation>(statistics.transformations),
    noiseSigma: null,
    alpha: null,
    renameMap: renameMap(statistics.renames),
    reasons,
  };
  return { ...summary, text: summaryText(summary), dates: null } as ResultSummary;
}

/** Two copies of one base are identical too: without an ancestor to hold them against, that stays possible. */
function cannotExclude(relation: Relation, baseIsOpen: boolean): ResultSummary["cannotExclude"] {
  if (relation === "identical") return baseIsOpen ? ["shared-base"] : [];
  return relation === "incomparable" ? [] : ["shared-base", "same-data-and-recipe", "same-seed"];
}

function has(outcome: MethodOutcome | undefined, code: string): boolean {
  return outcome?.reasons.some((given) => given.code === code) ?? false;
}

function groups(value: Json | undefined, relation: Relation): ResultSummary["groups"] {
  return listOf<{ group: TensorGroup; tensors: number }>(value).map(({ group, tensors }) => ({
    group,
    tensors,
    relation,
  }));
}

function renameMap(value: Json | undefined): Record<string, string> {
  const renames = listOf<{ original: string; suspect: string }>(value);
  return Object.fromEntries(renames.map(({ original, suspect }) => [original, suspect]));
}

function listOf<T>(value: Json | undefined): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
