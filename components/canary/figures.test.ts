import { describe, expect, it } from "vitest";
import { chanceOfHits } from "./hits";
import { filterRows, type JudgedRow } from "./judgement-filters";
import { cut } from "./order-chain";

describe("chanceOfHits", () => {
  const tail = (options: number, items: number, hits: number) => {
    const { from, chances } = chanceOfHits(items, options);
    return chances.reduce((sum, chance, at) => (from + at >= hits ? sum + chance : sum), 0);
  };

  it("is the binomial that the judge has: 9 of 24 at 1/16", () => {
    expect(tail(16, 24, 9)).toBeCloseTo(8.015261317534196e-6, 11);
  });

  it("stays narrow for 100,000 items, around what chance expects", () => {
    const { from, chances } = chanceOfHits(100_000, 16);
    const mean = chances.reduce((sum, chance, at) => sum + chance * (from + at), 0);
    expect(mean).toBeCloseTo(6250, 6);
    expect(chances.length).toBeLessThan(1300);
  });
});

describe("cut", () => {
  it.each([
    ["Suspect first seen", ["Suspect", "first seen"]],
    ["Commitment", ["Commitment"]],
    ["被比对方作答", ["被比对方作答"]],
    ["承诺与公共随机数", ["承诺与公共随", "机数"]],
  ])("%j in lines of twelve", (text, lines) => {
    expect(cut(text, 12)).toEqual(lines);
  });
});

describe("filterRows", () => {
  const row = (index: number, original: string, suspect: string, same = false): JudgedRow =>
    ({
      index,
      id: `slip-${index}`,
      truth: "竹",
      original: "木",
      suspect: same ? "木" : "本",
      marks: { original, suspect, same, sameWrong: same, references: "" },
    }) as JudgedRow;
  const rows = [
    row(0, "right", "right"),
    row(1, "wrong", "wrong", true),
    row(2, "wrong", "blank"),
    row(3, "unrevealed", "unrevealed"),
  ];
  const found = (...asked: [Parameters<typeof filterRows>[1], string]) =>
    filterRows(rows, ...asked).map(({ index }) => index);

  it("keeps the rows that were asked for", () => {
    expect(found("all", "")).toEqual([0, 1, 2, 3]);
    expect(found("same-wrong", "")).toEqual([1]);
    expect(found("original-wrong", "")).toEqual([1, 2]);
    expect(found("unanswered", "")).toEqual([2]);
    expect(found("unrevealed", "")).toEqual([3]);
  });

  it("looks for words in whatever width and case", () => {
    expect(found("all", " ＳＬＩＰ-2 ")).toEqual([2]);
    expect(found("both-wrong", "本")).toEqual([]);
  });
});
