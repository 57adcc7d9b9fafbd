import { describe, expect, it } from "vitest";
import type { Opening } from "@/lib/engine/canary";
import { batches, parseIndices } from "./batches";

const opening = (index: number, item = "{}"): Opening => ({
  index,
  salt: "",
  targetKey: "",
  item,
  path: [],
  size: 30_000,
});

describe("parseIndices", () => {
  it("reads numbers and ranges, in order and once", () => {
    expect(parseIndices("7-9, 0，4、8", 10)).toEqual([0, 4, 7, 8, 9]);
  });

  it.each(["", " , ", "a", "3-1", "10", "2-", "-2", "1.5", "0x1"])("refuses %j", (text) => {
    expect(parseIndices(text, 10)).toBeNull();
  });
});

describe("batches", () => {
  it("holds at most 10,000 openings and loses none", () => {
    const indices = Array.from({ length: 25_000 }, (_, index) => index);
    const made = [...batches(indices, (index) => opening(index))];
    expect(made.map(({ count }) => count)).toEqual([10_000, 10_000, 5_000]);
    const lines = made.flatMap(({ text }) => text.trimEnd().split("\n"));
    expect(lines.map((line) => (JSON.parse(line) as Opening).index)).toEqual(indices);
  });

  it("begins anew before it grows too large, and sends a large one alone", () => {
    const large = "竹".repeat(7_000_000);
    expect([...batches([0, 1, 2], (index) => opening(index, large))].map(({ count }) => count)).toEqual([
      1, 1, 1,
    ]);
  });
});
