import { describe, expect, it } from "vitest";
import { canonicalJson, compare } from "@/lib/engine";
import { type MemoryFile, memoryRelease } from "@/tests/support/memory-release";
import { safetensorsFile } from "@/tests/support/safetensors-file";
import { type FindingBasis, findingProblem } from "./finding";
import { readResult } from "./read-result";
import type { Finding, FindingReason } from "./schema";

const parameters = {
  methods: ["identity", "architecture", "tokenizer", "lineage"],
  nonce: "",
  screened: 1,
  level: 1 as const,
};
const weights = (fill: number): MemoryFile => ({
  path: "model.safetensors",
  content: safetensorsFile([{ name: "layers.0.weight", dtype: "F16", shape: [4, 4], width: 2 }], fill),
});
const card = (yaml: string, text = ""): MemoryFile => ({
  path: "README.md",
  content: `---\n${yaml}\n---\n${text}`,
});
const original = [weights(1), card("license: apache-2.0")];

/** What the engine itself says of these files, read as the site reads it. */
async function measured(
  suspect: readonly MemoryFile[],
  options: { mine?: MemoryFile[]; base?: MemoryFile[] } = {},
) {
  const release = (files: readonly MemoryFile[], repository: string, commit: string) =>
    memoryRelease(files, { repository, commit: commit.repeat(40) });
  const { result } = await compare(
    {
      original: release(options.mine ?? original, "lab/slate-2b", "a"),
      suspect: release(suspect, "other/chalk", "b"),
      ancestors: options.base ? [release(options.base, "base/rock", "c")] : [],
      controls: [],
    },
    parameters,
  );
  const facts = readResult(canonicalJson(result));
  if (facts === null) throw new Error("a result that was made just now is not redacted");
  return facts;
}

async function basisOf(...given: Parameters<typeof measured>): Promise<FindingBasis> {
  const facts = await measured(...given);
  return {
    declared: facts.suspectDeclares,
    runs: [{ id: "run_1", ...facts }],
    partyReplyIds: ["pst_1"],
    claimKinds: ["same-structure", "licence-notice"],
  };
}

const every: readonly [Finding, FindingReason][] = [
  ["inconclusive", { code: "metadata-only", runId: "run_1" }],
  ["consistent_with_independent", { code: "tests-found-nothing", runId: "run_1" }],
  ["consistent_with_derivation", { code: "identical-weights", runId: "run_1" }],
  ["consistent_with_derivation", { code: "two-families-agree", runId: "run_1" }],
  ["attributed", { code: "card-declares-original", runId: "run_1" }],
  ["licence_terms_not_met", { code: "licence-notice-missing", runId: "run_1" }],
];
const allowed = (basis: FindingBasis) =>
  every.flatMap(([finding, reason]) =>
    findingProblem(finding, [reason], basis) === null ? [reason.code] : [],
  );

describe("what the engine's own results allow", () => {
  const declaring = "base_model: lab/slate-2b\nlicense: apache-2.0";
  it.each<[string, Parameters<typeof measured>, FindingReason["code"][]]>([
    ["nothing declared, other weights", [[weights(2), card("license: mit")]], ["metadata-only"]],
    ["the same structure and no card", [[weights(2)]], ["metadata-only"]],
    [
      "the suspect declares the original",
      [[weights(2), card(declaring)]],
      ["metadata-only", "card-declares-original"],
    ],
    [
      "the original declares the suspect",
      [
        [weights(2), card("license: mit")],
        { mine: [weights(1), card("base_model: other/chalk\nlicense: mit")] },
      ],
      ["metadata-only"],
    ],
    [
      "a mention is no declaration",
      [[weights(2), card("license: mit", "like lab/slate-2b")]],
      ["metadata-only"],
    ],
    [
      "declared, and no licence is stated",
      [[weights(2), card("base_model: lab/slate-2b")]],
      ["metadata-only", "card-declares-original", "licence-notice-missing"],
    ],
    [
      "declared, no licence in the card, but a licence text in the listing",
      [[weights(2), card("base_model: lab/slate-2b"), { path: "LICENSE", content: "Copyright lab" }]],
      ["metadata-only", "card-declares-original"],
    ],
    [
      "declared, and the original states no licence",
      [[weights(2), card("base_model: lab/slate-2b")], { mine: [weights(1), card("tags: [x]")] }],
      ["metadata-only", "card-declares-original"],
    ],
    [
      "all weight files equal, and the original named nowhere",
      [[weights(1), card("license: mit")]],
      ["identical-weights", "licence-notice-missing"],
    ],
    [
      "all weight files equal, and the original mentioned",
      [[weights(1), card("license: mit", "from lab/slate-2b")]],
      ["identical-weights"],
    ],
    [
      "all weight files equal to an ancestor's",
      [[weights(1), card("license: mit")], { base: [weights(1)] }],
      [],
    ],
    [
      "a card that cannot be read",
      [[weights(1), { path: "README.md", content: "---\na: [b\n---\n" }]],
      ["identical-weights"],
    ],
  ])("%s", async (_name, given, codes) => {
    expect(allowed(await basisOf(...given))).toEqual(codes);
  });
});

describe("findingProblem", () => {
  const says = { identity: "nothing-same", architecture: "same-structure" };
  const run = {
    id: "run_1",
    relation: "inconclusive",
    closest: "unknown",
    says,
    families: [],
    noticeMissing: false,
  };
  const basis: FindingBasis = { declared: false, runs: [run], partyReplyIds: ["pst_1"], claimKinds: [] };

  it.each<[string, string[], string[], boolean]>([
    ["derived", ["identity", "architecture"], [], false],
    ["derived", ["weights/aligned"], ["weights"], false],
    ["derived", ["weights/aligned", "weights/independence"], ["weights"], false],
    ["derived", ["architecture", "weights/aligned", "code"], ["weights"], false],
    ["derived", ["weights/aligned", "code"], ["weights", "code"], true],
    ["independent", ["architecture", "tokenizer"], ["structure", "tokenizer"], false],
    ["independent", ["architecture", "weights/independence"], ["weights"], false],
    ["independent", ["architecture", "weights/independence"], ["weights", "structure"], true],
    ["related", ["architecture", "weights/independence"], ["weights", "structure"], false],
  ])("'%s' by %j, on which %j agree, carries a finding: %s", (relation, methods, families, carries) => {
    const says = Object.fromEntries(methods.map((method) => [method, "x"]));
    expect(allowed({ ...basis, runs: [{ ...run, relation, says, families }] }).length > 0).toBe(carries);
  });

  it("needs a reason of the finding's own, and a run of this case behind each measured reason", () => {
    const problem = (reason: FindingReason) => findingProblem("inconclusive", [reason], basis);
    expect(problem({ code: "metadata-only", runId: "run_1" })).toBeNull();
    expect(problem({ code: "metadata-only", runId: "run_other" })).toBe("reason-unfounded");
    expect(problem({ code: "metadata-only" })).toBe("reason-unfounded");
    const reasons = [{ code: "metadata-only", runId: "run_1" }] as const;
    expect(findingProblem("consistent_with_derivation", reasons, basis)).toBe("reason-missing");
  });

  it("takes acknowledgement from a party's own words", () => {
    const problem = (postId: string) =>
      findingProblem("acknowledged", [{ code: "party-acknowledged", postId }], basis);
    expect(problem("pst_1")).toBeNull();
    expect(problem("pst_2")).toBe("reason-unfounded");
  });

  it("never records 'not examined' as a finding", () => {
    expect(findingProblem("not_examined", [], basis)).toBe("no-finding");
  });
});
