import { describe, expect, it } from "vitest";
import { globalDraws, rates, uniformity, windowedDraws } from "./uniform-law";

/** Kolmogorov and Smirnov: √n·D stays below 1.95 in 999 of 1,000 runs under the null. */
const passes = 1.95;

describe("the null, through the real assignment", () => {
  it.each([
    ["10^5 draws of 32 rows in windows", () => windowedDraws(100_000, 32, 12, 7)],
    ["500 draws of 256 rows in windows", () => windowedDraws(500, 256, 24, 11)],
    ["10^5 draws of one assignment of 32", () => globalDraws(100_000, 32, 13)],
    ["500 draws of one assignment of 256", () => globalDraws(500, 256, 17)],
  ] as const)("%s: P(p ≤ α) ≤ α, and the randomised p is uniform", (name, draw) => {
    const draws = draw();
    const [measured, distance] = [rates(draws), uniformity(draws)];
    // What was measured, for docs/METHODS.md.
    console.log(
      `${name}: ${measured.map(({ alpha, rate }) => `P(p ≤ ${alpha}) = ${rate}`).join(", ")}; √n·D = ${distance.toFixed(3)}`,
    );
    for (const { rate, bound } of measured) expect(rate).toBeLessThanOrEqual(bound);
    expect(distance).toBeLessThan(passes);
  });
});
