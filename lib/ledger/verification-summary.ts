import type { Predicate } from "./predicates";

export const verificationSummaryType = "https://slsa.dev/verification_summary/v1";

/**
 * A finished run as a SLSA verification summary (https://slsa.dev/spec/v1.1/verification_summary). What the field
 * "PASSED" asserts is fixed by the policy named here: the run finished and its result is reproducible from the capsule.
 * It says nothing about the releases; what was measured stands in our URI-named extension.
 */
export function verificationSummary(run: Predicate<"verify">) {
  const common = {
    verifier: { id: "urn:slipmark:engine", version: { "urn:slipmark:build": run.build ?? "site" } },
    timeVerified: run.finishedAt,
    verificationResult: "PASSED",
    "urn:slipmark:statement:verify:v1": run,
  };
  if ("judgement" in run) return { ...common, ...judged(run) };
  return {
    ...common,
    resourceUri: `urn:slipmark:run:${run.run}`,
    policy: { uri: "urn:slipmark:policy:reproducible-run:v1" },
    inputAttestations: [{ digest: { sha256: run.capsule }, uri: "urn:slipmark:capsule" }],
    verifiedLevels: ["SLIPMARK_REPRODUCIBLE_RUN"],
  };
}

/** "PASSED" says that the answers were judged by the rules that the set fixed beforehand, not what came of it. */
function judged(run: Extract<Predicate<"verify">, { judgement: string }>) {
  return {
    resourceUri: `urn:slipmark:judgement:${run.judgement}`,
    policy: { uri: "urn:slipmark:policy:canary-judgement:v1" },
    inputAttestations: [],
    verifiedLevels: ["SLIPMARK_CANARY_JUDGEMENT"],
  };
}
