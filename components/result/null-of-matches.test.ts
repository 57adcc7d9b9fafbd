import { describe, expect, it } from "vitest";
import { fixedPointTail } from "@/lib/engine/statistics/rencontres";
import { nullOfMatches } from "./null-of-matches";

describe("nullOfMatches", () => {
  it("draws the law whose tail the engine computes exactly", () => {
    const sizes = [...Array.from({ length: 32 }, () => 8), 5];
    const law = nullOfMatches(sizes);
    for (const k of [20, 33, 40, 55]) {
      const { numerator, denominator } = fixedPointTail(sizes, k);
      const drawn = law.filter(([count]) => count >= k).reduce((sum, [, p]) => sum + p, 0);
      expect(drawn).toBeCloseTo(Number((numerator * 10n ** 15n) / denominator) / 1e15, 10);
    }
  });

  it("has the mean of one row a window", () => {
    const law = nullOfMatches([8, 8, 8, 2]);
    expect(law.reduce((sum, [count, p]) => sum + count * p, 0)).toBeCloseTo(4, 6);
  });
});
