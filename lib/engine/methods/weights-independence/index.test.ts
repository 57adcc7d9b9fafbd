import { describe, expect, it } from "vitest";
import { runOnZoo } from "@/tests/null/weights-run";
import { invariantSentences } from "../weights-invariant/explain";
import { weightsInvariant } from "../weights-invariant/index";
import { independenceSentences } from "./explain";
import { weightsIndependence } from "./index";

const both = [weightsIndependence, weightsInvariant] as const;
const controls = ["base-b", "base-d"];

describe("on models really trained", () => {
  it.each([
    ["a fine-tune", "base-a", "heavy", [], ["not-independent", "not-independent"]],
    ["a rotated copy", "sibling-1", "rotated", [], ["no-evidence", "not-independent"]],
    // The embedding keeps its columns; the neurons are searched for all the same.
    [
      "renumbered neurons",
      "sibling-1",
      "permuted-noise",
      [],
      ["not-independent", "not-independent-calibrated"],
    ],
    // A base that both may come from fixes the order of columns.
    [
      "renumbered neurons beside their base",
      "sibling-1",
      "permuted-noise",
      ["base-a"],
      ["no-evidence", "not-independent-calibrated"],
    ],
    ["one data set, two bases", "sibling-1", "base-b-tuned", [], ["no-evidence", "no-evidence"]],
    ["independent models", "base-a", "distilled", [], ["no-evidence", "no-evidence"]],
    ["another width", "base-a", "base-c", [], ["not-testable", "no-evidence"]],
    [
      "linear projectors",
      "vlm-linear-1",
      "vlm-linear-2",
      ["base-a", "base-c"],
      ["not-testable", "not-testable"],
    ],
    [
      "two-layer projectors",
      "vlm-two-layer-1",
      "vlm-two-layer-2",
      ["base-a", "base-c"],
      ["no-evidence", "no-evidence"],
    ],
  ] as const)(
    "%s",
    async (_, original, suspect, ancestors, says) => {
      const there = await runOnZoo([...both], { original, suspect, ancestors, controls });
      const back = await runOnZoo([...both], { original: suspect, suspect: original, ancestors, controls });
      expect(there.map((outcome) => outcome.says)).toEqual(says);
      expect(back.map(({ says: word, pValueLog10, kind }) => [word, pValueLog10, kind])).toEqual(
        there.map(({ says: word, pValueLog10, kind }) => [word, pValueLog10, kind]),
      );
      for (const [index, sentences] of [independenceSentences, invariantSentences].entries()) {
        const codes = there[index]?.reasons.map(({ code }) => code) ?? [];
        expect(codes.filter((code) => !Object.hasOwn(sentences, code))).toEqual([]);
      }
    },
    180_000,
  );

  it("tells it in both languages, without words of guilt", async () => {
    const outcomes = await runOnZoo([...both], {
      original: "base-a",
      suspect: "light",
      ancestors: ["same-seed"],
      controls,
    });
    for (const [index, outcome] of outcomes.entries()) {
      const { en, zh } = (both[index] ?? weightsIndependence).explain(outcome);
      expect(en).not.toMatch(/\?|undefined|null|plagiar|stole|copied/);
      expect(zh).not.toMatch(/undefined|抄袭|剽窃|盗/);
    }
  }, 180_000);
});
