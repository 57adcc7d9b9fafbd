import type { Finding, FindingReason } from "./schema";

/** What a finding may rest on. Built by the command from stored runs and replies, never from the form. */
export interface FindingBasis {
  readonly declared: boolean;
  /** Finished runs of this case, with the relation of their result and what each method says. */
  readonly runs: readonly {
    readonly id: string;
    readonly relation: string;
    readonly says: Readonly<Record<string, string>>;
  }[];
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

const derivedRelations: ReadonlySet<string> = new Set(["identical", "derived"]);

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
    case "not-testable":
      return run?.relation === "inconclusive" || run?.relation === "incomparable";
    case "runs-disagree":
      return new Set(basis.runs.map((one) => one.relation)).size > 1;
    case "identical-weights":
      return run?.relation === "identical";
    case "two-families-agree":
      // "derived" is decided inside the engine, which demands a second family (METHODS, Decisions).
      return run !== undefined && derivedRelations.has(run.relation);
    case "tests-found-nothing":
      return run?.relation === "independent";
    case "card-declares-original":
      return basis.declared;
    case "licence-notice-missing":
      return run?.says.lineage !== undefined && basis.claimKinds.includes("licence-notice");
    case "party-acknowledged":
      return reason.postId !== undefined && basis.partyReplyIds.includes(reason.postId);
  }
}
