import { describe, expect, test } from "vitest";
import { labelInput } from "@/tests/support/canary-input";
import { judge } from ".";
import { canaryResultSchema } from "./schema";

/** 12 items of 16 options; those of the first `count` are what `options` makes of them, their target among them. */
function with16(count: number, options: (labels: readonly string[], target: string) => string[]) {
  const input = labelInput(12, 16, 12);
  const items = input.items.map((one, at) => {
    const labels = one.item.options ?? [];
    const target = labels[one.target ?? 0] ?? "";
    return at < count ? { ...one, item: { ...one.item, options: options(labels, target) } } : one;
  });
  return { ...input, items };
}

describe("options that are fewer answers than they look", () => {
  test.each<[string, (labels: readonly string[], target: string) => string[]]>([
    ["fifteen times one label and one other", (_, target) => [...Array(15).fill(target), "other"]],
    ["labels that differ in case", (labels, target) => [target, target.toUpperCase(), ...labels.slice(2)]],
    [
      "labels that differ in an invisible character",
      (_, t) => Array.from({ length: 16 }, (_, k) => t + "\u200b".repeat(k)),
    ],
    ["a label that normalisation leaves blank", (labels) => ["…", ...labels.slice(1)]],
    ["fewer than the terms promise", (labels) => labels.slice(0, 15)],
    ["two", (_, target) => [target, "other"]],
  ])("%s: every such item is a miss, for everybody, and visibly so", (_, options) => {
    const result = judge(with16(12, options));
    expect(result).toMatchObject({
      hits: { original: 0, suspect: 0 },
      invalid: 12,
      unrevealed: 0,
      revealed: 12,
    });
    expect(result).toMatchObject({ says: "void", movesFinding: false, p: {} });
    expect(new Set(result.table.map(({ marks }) => `${marks.original} ${marks.suspect}`))).toEqual(
      new Set(["invalid invalid"]),
    );
    expect(result.table[0]?.id).toBe("c0");
    const invalid = result.reasons.find(({ code }) => code === "invalid-are-misses");
    expect(invalid?.facts).toEqual({ count: 12, items: 12 });
    expect(result.explanation.en).toContain("12 of 12 items are no random-label items");
    expect(result.explanation.zh).toContain("12 项不是有效的随机标签题");
    expect(canaryResultSchema.parse(result)).toEqual(result);
  });

  test("a few among proper ones are misses among all that were committed", () => {
    const result = judge(with16(3, (_, target) => [...Array(15).fill(target), "other"]));
    expect(result.hits).toMatchObject({ original: 9, suspect: 9 });
    // 9 of 12, not 12 of 12 and not 9 of 9: an invalid item costs its author.
    const exact = Array.from({ length: 4 }, (_, k) => 9 + k).reduce(
      (sum, hits) => sum + choose(12, hits) * (1 / 16) ** hits * (15 / 16) ** (12 - hits),
      0,
    );
    expect(result.p.secret?.log10).toBeCloseTo(Math.log10(exact), 9);
  });

  test("an item with more options than the terms promise has the chance that its own options give", () => {
    const more = (labels: readonly string[]) => [
      ...labels,
      ...Array.from({ length: 48 }, (_, k) => `more ${k}`),
    ];
    const result = judge(with16(12, more));
    expect(result.p.secret?.log10).toBeCloseTo(-12 * Math.log10(64), 7);
  });

  test("an item that names its answer itself was never drawn", () => {
    const input = labelInput(12, 16, 12);
    const items = input.items.map((one) => ({ ...one, item: { ...one.item, answer: "label 1" } }));
    expect(judge({ ...input, items })).toMatchObject({ invalid: 12, says: "void" });
  });
});

function choose(n: number, k: number): number {
  let found = 1;
  for (let step = 1; step <= k; step += 1) found = (found * (n - k + step)) / step;
  return found;
}
