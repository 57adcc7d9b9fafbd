import type { ResultFacts } from "./read-result";
import type { Finding, FindingReason } from "./schema";

type MeasuredRun = { readonly id: string } & Pick<
  ResultFacts,
  "relation" | "closest" | "says" | "families" | "noticeMissing"
>;

/** What a finding may rest on. Built by the command from stored runs and replies, never from the form. */
export interface FindingBasis {
  /** The suspect's card declares the original at the commit of this case: captured, or read by a run. */
  readonly declared: boolean;
  /** Finished runs of this case. */
  readonly runs: readonly MeasuredRun[];
  /** Visible replies of accepted parties of this case. */
  readonly partyReplyIds: readonly string[];
  readonly claimKinds: readonly string[];
}

/** Codes each finding needs: at least one of them. */
const needs: Readonly<Record<Exclude<Finding, "not_examined">, readonly FindingReason["code"][]>> = {
  inconclusive: ["metadata-only", "runs-disagree", "not-testable"],
  consistent_with_independent: ["tests-found-nothing"],
  consistent_with_derivation: ["identical-weights", "two-families-agree"],
  attributed: ["card-declares-original"],
  licence_terms_not_met: ["licence-notice-missing"],
  acknowledged: ["party-acknowledged"],
};

/** Families that read no weight: whatever they say together, nothing above "inconclusive" follows from them. */
const metadataFamilies: ReadonlySet<string> = new Set(["identity", "architecture", "tokenizer", "lineage"]);

/**
 * Why this finding may not be recorded, or null. A finding above "inconclusive" follows from what runs measured
 * (never from one family of methods, identity of weights apart), from what a card declares, or from a party's words.
 */
export function findingProblem(
  finding: Finding,
  reasons: readonly FindingReason[],
  basis: FindingBasis,
): "no-finding" | "reason-missing" | "reason-unfounded" | null {
  if (finding === "not_examined") return "no-finding";
  if (!reasons.some((reason) => needs[finding].includes(reason.code))) return "reason-missing";
  return reasons.every((reason) => isFounded(reason, basis)) ? null : "reason-unfounded";
}

function isFounded(reason: FindingReason, basis: FindingBasis): boolean {
  const run = basis.runs.find((one) => one.id === reason.runId);
  switch (reason.code) {
    case "metadata-only":
      return run !== undefined && !readWeights(run) && run.relation === "inconclusive";
    case "not-testable":
      return (
        run !== undefined &&
        (run.relation === "incomparable" || Object.values(run.says).includes("not-testable"))
      );
    case "runs-disagree":
      return new Set(basis.runs.map((one) => one.relation)).size > 1;
    case "identical-weights":
      return run !== undefined && sameWeights(run);
    case "two-families-agree":
      return run !== undefined && run.relation === "derived" && severalFamilies(run);
    case "tests-found-nothing":
      return run !== undefined && run.relation === "independent" && severalFamilies(run);
    case "card-declares-original":
      return basis.declared;
    case "licence-notice-missing":
      // Terms bind a derivative only: without one the same card would be no failing at all.
      return (
        run?.noticeMissing === true && basis.claimKinds.includes("licence-notice") && derivationShown(basis)
      );
    case "party-acknowledged":
      return reason.postId !== undefined && basis.partyReplyIds.includes(reason.postId);
  }
}

const readWeights = (run: MeasuredRun) =>
  Object.keys(run.says).some((method) => !metadataFamilies.has(method.split("/")[0] ?? method));
/** Other families must say so themselves: that they ran is not enough. */
const severalFamilies = (run: MeasuredRun) => readWeights(run) && new Set(run.families).size > 1;
/** The one finding a single family carries; not where a given ancestor holds the very same weights. */
const sameWeights = (run: MeasuredRun) => run.relation === "identical" && run.closest !== "ancestor";

/** Declared by the suspect's card, or measured. */
const derivationShown = ({ declared, runs }: FindingBasis) =>
  declared || runs.some((run) => sameWeights(run) || (run.relation === "derived" && severalFamilies(run)));
