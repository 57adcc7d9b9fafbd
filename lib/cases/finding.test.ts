import { describe, expect, it } from "vitest";
import { type FindingBasis, findingProblem } from "./finding";

const basis: FindingBasis = {
  declared: false,
  runs: [{ id: "run_1", relation: "inconclusive", says: { lineage: "not-declared" } }],
  partyReplyIds: ["pst_1"],
  claimKinds: ["same-structure", "licence-notice"],
};

describe("findingProblem", () => {
  it("allows no more than 'inconclusive' from metadata", () => {
    const metadata = [{ code: "metadata-only", runId: "run_1" }] as const;
    expect(findingProblem("inconclusive", metadata, basis)).toBeNull();
    expect(findingProblem("consistent_with_derivation", metadata, basis)).toBe("reason-missing");
    expect(
      findingProblem("consistent_with_derivation", [{ code: "two-families-agree", runId: "run_1" }], basis),
    ).toBe("reason-unfounded");
  });

  it("needs a run of this case behind each measured reason", () => {
    expect(findingProblem("inconclusive", [{ code: "metadata-only", runId: "run_other" }], basis)).toBe(
      "reason-unfounded",
    );
    expect(findingProblem("inconclusive", [{ code: "metadata-only" }], basis)).toBe("reason-unfounded");
    const identical = { ...basis, runs: [{ id: "run_2", relation: "identical", says: {} }] };
    expect(
      findingProblem(
        "consistent_with_derivation",
        [{ code: "identical-weights", runId: "run_2" }],
        identical,
      ),
    ).toBeNull();
  });

  it("takes attribution from the card and acknowledgement from a party's own words", () => {
    const attributed = [{ code: "card-declares-original" }] as const;
    expect(findingProblem("attributed", attributed, basis)).toBe("reason-unfounded");
    expect(findingProblem("attributed", attributed, { ...basis, declared: true })).toBeNull();
    expect(
      findingProblem("acknowledged", [{ code: "party-acknowledged", postId: "pst_1" }], basis),
    ).toBeNull();
    expect(findingProblem("acknowledged", [{ code: "party-acknowledged", postId: "pst_2" }], basis)).toBe(
      "reason-unfounded",
    );
  });

  it("never records 'not examined' as a finding", () => {
    expect(findingProblem("not_examined", [], basis)).toBe("no-finding");
  });
});
