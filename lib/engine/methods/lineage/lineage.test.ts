import { describe, expect, it } from "vitest";
import { memoryRelease } from "../../../../tests/support/memory-release";
import { methodInput } from "../../../../tests/support/method-input";
import { lineage } from ".";

const release = (card: string | null, repository: string | null) =>
  memoryRelease(card === null ? [] : [{ path: "README.md", content: card }], { repository });
const run = (
  original: string | null,
  suspect: string | null,
  names: [string | null, string | null] = ["lab/slate-2b", "other/chalk"],
) =>
  lineage.run(
    methodInput({
      original: release(original, names[0]),
      suspect: release(suspect, names[1]),
      ancestors: [],
      controls: [],
    }),
  );
const codes = (outcome: Awaited<ReturnType<typeof run>>) => outcome.reasons.map(({ code }) => code);
const card = (yaml: string, text = "") => `---\n${yaml}\n---\n${text}`;

describe("lineage", () => {
  it.each([
    "base_model: lab/slate-2b",
    "base_model:\n  - x/y\n  - Lab/Slate-2B",
    "base_model: https://huggingface.co/lab/slate-2b",
    "base_model: hf:lab/slate-2b@main",
  ])("sees the declaration %j", async (yaml) => {
    const outcome = await run(
      card("license: mit"),
      card(`${yaml}\nbase_model_relation: finetune\nlicense: mit`),
    );
    expect(outcome.says).toBe("declared");
    expect(outcome.reasons).toContainEqual({
      code: "declares-other",
      facts: { side: "suspect", relation: "finetune" },
    });
  });

  it("says the same when the sides are swapped", async () => {
    const outcome = await run(card("base_model: other/chalk"), card("license: mit"));
    expect(outcome.says).toBe("declared");
  });

  it.each([
    ["thanks to lab/slate-2b.", "repository"],
    ["see https://huggingface.co/lab/slate-2b/tree/main", "repository"],
    ["built on Slate-2B (by a lab)", "name"],
    ["built on slate-2b-instruct", null],
    ["lab/slate-2b.5 is another model", null],
  ])("reads the mention in %j as %j", async (text, expected) => {
    const outcome = await run(card("license: mit"), card("license: mit", text));
    expect(outcome.statistics.suspect).toMatchObject({ mentionsOther: expected });
    expect(outcome.says).toBe(expected === null ? "not-declared" : "mentioned");
  });

  it("is honest about what it cannot know", async () => {
    expect(codes(await run(null, null))).toEqual(["card-missing", "card-missing"]);
    const unknown = await run(card("license: mit"), card("base_model: x/y"), [null, null]);
    expect(unknown.says).toBe("inconclusive");
    expect(codes(unknown).filter((code) => code === "repository-unknown")).toHaveLength(2);
  });

  it("names a base that both declare", async () => {
    const outcome = await run(card("base_model: Meta/Base"), card("base_model: [meta/base]"));
    expect(outcome.reasons).toContainEqual({ code: "same-declared-base", facts: { bases: ["meta/base"] } });
  });

  it.each([
    ["broken YAML", "a: [b"],
    ["a duplicate key", "license: a\nlicense: b"],
    ["aliases", "a: &a [x, x]\nb: [*a, *a]"],
    ["a list", "- a"],
    ["a giant", `a: ${"x".repeat(300_000)}`],
  ])("uses nothing of a front matter with %s", async (_name, yaml) => {
    const outcome = await run(card(yaml), card("license: mit"));
    expect(outcome.statistics.original).toMatchObject({ frontMatter: "malformed", licences: [] });
    expect(codes(outcome)).toContain("front-matter-malformed");
  });

  it("reads a card without front matter", async () => {
    expect((await run("# Slate", "# Chalk")).statistics.original).toMatchObject({ frontMatter: "none" });
  });
});
