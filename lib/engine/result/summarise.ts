import { reason } from "../methods/facts";
import type { Json, MethodOutcome, Reason } from "../methods/method";
import { type Decision, decide, nearlyAll, sum } from "./decide";
import {
  type Relation,
  type ResultSummary,
  type TensorGroup,
  type Transformation,
  transformationSchema,
} from "./document";
import { type Evidence, evidenceOf } from "./evidence";
import { familiesReason } from "./families";
import { summaryText } from "./summary-text";

/**
 * The summary, by coded rules only. They use nothing but the methods' outcomes, and are symmetric: swapping the sides
 * swaps the rename map and nothing else. The relation is decided in decide.ts; a declared lineage is a reason and leaves
 * it alone.
 */
export function summarise(
  outcomes: readonly MethodOutcome[],
  ancestorsGiven: number,
  ancestorsClosed = false,
): ResultSummary {
  const evidence = evidenceOf(outcomes, { ancestorsGiven, ancestorsClosed });
  const decision = decide(evidence);
  const { relation } = decision;
  const of = (id: string) => outcomes.find((outcome) => outcome.method === id);
  const families = familiesReason(relation, outcomes);
  const reasons: Reason[] = [
    ...decision.reasons,
    ...(ancestorsGiven === 0 ? [reason("no-ancestor-given")] : []),
    ...(evidence.ancestorsUnread > 0 && decision.cannotExclude.includes("shared-base")
      ? [reason("ancestors-not-read", { given: ancestorsGiven, unread: evidence.ancestorsUnread })]
      : []),
    ...outcomes.map(({ method, says }) => reason("method-says", { method, says })),
    ...(of("lineage")?.says === "declared" ? [reason("lineage-declared")] : []),
    ...(families === null ? [] : [families]),
  ];
  const statistics = of("architecture")?.statistics ?? {};
  const aligned = evidence.aligned?.found ?? null;
  const apart = relation === "independent" || relation === "incomparable";
  const summary = {
    relation,
    notIndependent: decision.notIndependent,
    closest: closest(evidence, decision),
    cannotExclude: decision.cannotExclude,
    groups: groupsOf(evidence, statistics.groups, relation),
    transformations: apart ? [] : transformationsOf(outcomes),
    noiseSigma: apart ? null : (aligned?.noiseSigma ?? null),
    alpha: apart ? null : (aligned?.alpha ?? null),
    renameMap: renameMap(statistics.renames),
    reasons,
  };
  return { ...summary, text: summaryText(summary), dates: null } as ResultSummary;
}

function closest(evidence: Evidence, { relation }: Decision): ResultSummary["closest"] {
  if (relation === "identical") return evidence.equalWeights?.inAncestor ? "ancestor" : "original";
  if (relation === "shared-ancestry") return "ancestor";
  const measured = evidence.aligned?.found.closest?.to;
  if (measured !== undefined) return measured;
  return relation === "derived" ? "original" : "unknown";
}

/** What was done, as far as any method tells, in the order of the published list. */
function transformationsOf(outcomes: readonly MethodOutcome[]): Transformation[] {
  const found = new Set(
    outcomes.flatMap(({ statistics }) => listOf<Transformation>(statistics.transformations)),
  );
  return transformationSchema.options.filter((code) => found.has(code));
}

/** Each group of tensors by the same measure; a group that does not count is what a common base explains. */
function groupsOf(evidence: Evidence, named: Json | undefined, relation: Relation): ResultSummary["groups"] {
  const { aligned } = evidence;
  if (aligned === null || relation === "identical") {
    return listOf<{ group: TensorGroup; tensors: number }>(named).map(({ group, tensors }) => ({
      group,
      tensors,
      relation,
    }));
  }
  return aligned.found.groups.map(({ group, counted, leftOut, changes, rho, eligible }) => {
    const left = Object.values(leftOut).reduce((total: number, count) => total + (count ?? 0), 0);
    const all = sum(changes);
    const untouched = all - changes.trained - changes.none;
    const below = (rho?.high ?? 1) < explainedBelow && Math.max(eligible.original, eligible.suspect) > 0;
    const shared = (leftOut["common-ancestor"] ?? 0) > 0;
    const own: Relation =
      all === 0
        ? shared
          ? "shared-ancestry"
          : "inconclusive"
        : untouched >= nearlyAll * all
          ? relation === "derived"
            ? "derived"
            : "related"
          : changes.none >= nearlyAll * all
            ? "inconclusive"
            : below
              ? "shared-ancestry"
              : "related";
    return { group, tensors: counted + left, relation: own };
  });
}

/** As weights/aligned@2: less than a quarter of the difference carries over. */
const explainedBelow = 0.25;

function renameMap(value: Json | undefined): Record<string, string> {
  const renames = listOf<{ original: string; suspect: string }>(value);
  return Object.fromEntries(renames.map(({ original, suspect }) => [original, suspect]));
}

function listOf<T>(value: Json | undefined): T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
