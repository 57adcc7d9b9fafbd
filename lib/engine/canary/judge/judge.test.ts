import { describe, expect, test } from "vitest";
import { ocr, ocrInput, ocrReference, worked } from "@/tests/support/ocr-answers";
import { canaryResultSchema, judge, reachedSentence } from ".";

interface OcrExample {
  readonly original: string;
  readonly suspect: string;
  readonly references: readonly string[];
  readonly both_wrong: number;
  readonly same_wrong: number;
  readonly expected_same: number;
  readonly p_exact: number;
}
const panels = (worked.find(({ id }) => id === "A4-real-ocr") as unknown as { expected: OcrExample[] })
  .expected;

describe("real OCR models", () => {
  test.each(panels)("$original and $suspect: the counts and the panel tail", (example) => {
    const result = judge(ocrInput(example.original, example.suspect, example.references));
    expect([result.nBothWrong, result.sameWrong]).toEqual([example.both_wrong, example.same_wrong]);
    const panel = result.p.panel;
    expect((panel?.value ?? 0) / example.p_exact).toBeCloseTo(1, 6);
    expect(panel?.expected).toBeCloseTo(example.expected_same, 8);
    expect(panel?.kind).toBe("descriptive");
  });

  test("the re-quantised copy is found by p_robust at .01, the sibling of the same vendor is not", () => {
    const copy = judge(ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"]));
    expect(copy.p.robust?.value).toBeCloseTo(0.00145, 5);
    expect(copy.p.robust).toMatchObject({ families: 4, pairs: 20, df: 4 });
    expect(copy.primary).toMatchObject({ statistic: "robust", reached: true, floor: 0.0625 });
    const sibling = judge(ocrInput("best_int", "hans", ["v400", "tra", "ppocr"]));
    expect(sibling.p.robust?.value).toBeCloseTo(0.0881, 4);
    expect(sibling.primary?.reached).toBe(false);
    // The number has its own word beside what may be said of it.
    expect(reachedSentence(copy)?.en).toBe(
      "p_robust reaches the pre-registered threshold of 0.01; that is no finding here, for the reasons given.",
    );
    expect(copy.explanation.en).toContain("p_robust reaches the pre-registered threshold of 0.01");
    expect(reachedSentence(sibling)?.zh).toBe("p_robust 未达到预先登记的阈值 0.01。");
    expect(sibling.says).toBe("nothing-found");
    // Which the panel tail would have accused.
    expect(sibling.p.panel?.value).toBeLessThan(2e-5);
  });

  test("natural items alone stay inconclusive, and the result says what would make it stronger", () => {
    const { says, reasons, whatWouldHelp, movesFinding } = judge(
      ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"]),
    );
    expect({ says, movesFinding }).toEqual({ says: "inconclusive", movesFinding: false });
    expect(reasons.map(({ code }) => code)).toEqual([
      "threshold-reached",
      "natural-items-alone",
      "too-few-references",
      "floor-above-threshold",
      "right-answers-do-not-count",
    ]);
    expect(whatWouldHelp).toContainEqual({ code: "help-references", facts: { have: 4, needs: 5 } });
    expect(whatWouldHelp).toContainEqual({ code: "help-families", facts: { have: 4, needs: 10 } });
  });

  test("under n1, punctuation around an answer does not count: eight answers fewer are wrong", () => {
    const result = judge(
      ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"], { answersAre: "raw" }),
    );
    expect([result.nBothWrong, result.sameWrong]).toEqual([248, 215]);
    expect(result.p.robust?.value).toBeGreaterThan(0.001);
    expect(result.p.robust?.value).toBeLessThan(0.002);
    expect(result.rows.map(({ row, nBothWrong }) => [row, nBothWrong])).toEqual([
      ["n1", 248],
      ["nfc", 248],
    ]);
  });

  test("a copy among the references is left out, visibly, and changes nothing else", () => {
    const input = ocrInput("best_int", "hans", ["v400", "tra", "ppocr", "fast"]);
    const result = judge(input);
    expect(result.references.map(({ name, excluded, excludedBy }) => [name, excluded, excludedBy])).toEqual([
      ["v400", null, null],
      ["tra", null, null],
      ["ppocr", null, null],
      ["fast", "copy-of-original", "best_int"],
    ]);
    expect(result.p.robust).toEqual(judge(ocrInput("best_int", "hans", ["v400", "tra", "ppocr"])).p.robust);
    expect(result.explanation.en).toContain("The reference fast was left out");
    // The rank stays exact: what looks close is not taken away from it.
    expect(result.p.rank).toMatchObject({ references: 4, atLeastAsClose: 1 });
  });

  test("the same answers in another order, and references in another order, give the same digest where they may", () => {
    const input = ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"]);
    const shuffled = {
      ...input,
      original: { ...input.original, answers: [...input.original.answers].reverse() },
      suspect: { ...input.suspect, answers: [...input.suspect.answers].reverse() },
    };
    expect(judge(shuffled).digest).toBe(judge(input).digest);
    const turned = judge({ ...input, references: ["ppocr", "tra", "v400", "hans"].map(ocrReference) });
    expect(turned.p).toEqual(judge(input).p);
  });

  test("a result is what its schema says, and its digest is fixed", () => {
    const result = judge(ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"]));
    expect(canaryResultSchema.parse(result)).toEqual(result);
    expect(result.table).toHaveLength(ocr.key.length);
    expect(result.digest).toMatchInlineSnapshot(
      `"sha256:a0af462625349942ebc64bffffe2c454f980151db7f8ec678f45e7dcb11c3318"`,
    );
  });
});
