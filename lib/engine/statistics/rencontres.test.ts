import { describe, expect, it } from "vitest";
import {
  criticalFixedPoints,
  fixedPointTail,
  log10FactorialBound,
  log10FixedPointTail,
  log10PoissonTail,
  log10RatioUp,
  mostWindows,
  rencontres,
} from "./rencontres";

/** Counts fixed points over all permutations of n things. */
function counted(n: number): bigint[] {
  const counts = Array.from({ length: n + 1 }, () => 0n);
  const place = (at: number, used: number, fixed: number): void => {
    if (at === n) counts[fixed] = (counts[fixed] as bigint) + 1n;
    else {
      for (let i = 0; i < n; i++)
        if (!(used & (1 << i))) place(at + 1, used | (1 << i), fixed + Number(i === at));
    }
  };
  place(0, 0, 0);
  return counts;
}

function convolved(sizes: readonly number[]): bigint[] {
  return sizes.map(rencontres).reduce((a, b) => {
    const out = Array.from({ length: a.length + b.length - 1 }, () => 0n);
    for (const [i, x] of a.entries())
      for (const [j, y] of b.entries()) out[i + j] = (out[i + j] as bigint) + x * y;
    return out;
  });
}

const windows = (layers: number) => Array.from({ length: 32 * layers }, () => 8);

describe("rencontres numbers", () => {
  it.each([2, 3, 4, 5, 6, 7, 8])("count the permutations of %i things by their fixed points", (n) => {
    expect(rencontres(n)).toEqual(counted(n));
  });

  it.each([[[8, 8, 8]], [[8, 5, 2]], [[7, 7, 6, 3, 2, 2]], [[2]], [[8, 7, 6, 5, 4, 3, 2]]])(
    "add up over windows %j exactly as a convolution does, from both ends",
    (sizes) => {
      const ways = convolved(sizes);
      const all = ways.reduce((sum, value) => sum + value, 0n);
      for (let k = 0; k <= ways.length; k++) {
        const above = ways.slice(k).reduce((sum, value) => sum + value, 0n);
        expect(fixedPointTail(sizes, k)).toEqual({ numerator: above, denominator: all });
      }
    },
  );

  it.each([
    [1, [63, 72, 80]],
    [8, [337, 359, 377]],
    [16, [624, 654, 680]],
    [32, [1181, 1223, 1258]],
    [64, [2268, 2326, 2375]],
  ])("has the critical values that the method states for %i layers", (layers, expected) => {
    expect(criticalFixedPoints(windows(layers), [6, 9, 12])).toEqual(expected);
  });

  it("has none where even a perfect match is not rare enough", () => {
    expect(criticalFixedPoints([8], [6])).toEqual([null]);
    // 15 of 16 rows in place are impossible, so that P(F ≥ 15) = P(F = 16).
    expect(criticalFixedPoints([8, 8], [9])).toEqual([15]);
  });

  it("a copy of every row is as rare as all windows in place", () => {
    expect(log10FixedPointTail(windows(1), 256)).toBeCloseTo(-32 * Math.log10(40320), 5);
    expect(log10FixedPointTail(windows(64), 64 * 256)).toBeCloseTo(-2048 * Math.log10(40320), 5);
  });

  it("rounds a probability up, never down, and never above 1", () => {
    expect(log10RatioUp({ numerator: 1n, denominator: 3n })).toBe(-0.477121);
    expect(log10RatioUp({ numerator: 1n, denominator: 10n ** 400n })).toBeGreaterThanOrEqual(-400);
    expect(log10RatioUp({ numerator: 1n, denominator: 10n ** 400n })).toBeLessThan(-399.99999);
    expect(log10RatioUp({ numerator: 7n, denominator: 7n })).toBe(0);
    expect(() => log10RatioUp({ numerator: 0n, denominator: 7n })).toThrow(RangeError);
  });

  it("refuses windows of one row, which are always in place, and more windows than it can do exactly", () => {
    expect(() => fixedPointTail([8, 1], 1)).toThrow(RangeError);
    expect(() => fixedPointTail(new Array(mostWindows + 1).fill(8), 1)).toThrow(RangeError);
  });
});

describe("diagnostics of the global matching", () => {
  it("bounds one matching by 1/k!", () => {
    expect(log10FactorialBound(10)).toBeCloseTo(-Math.log10(3628800), 5);
    expect(log10FactorialBound(1)).toBe(0);
  });

  it("many matchings follow Poisson: 63, 72 and 80 are critical over 32 layers", () => {
    for (const [k, exponent] of [
      [63, 6],
      [72, 9],
      [80, 12],
    ] as const) {
      expect(log10PoissonTail(32, k)).toBeLessThanOrEqual(-exponent);
      expect(log10PoissonTail(32, k - 1)).toBeGreaterThan(-exponent);
    }
    expect(10 ** log10PoissonTail(2, 1)).toBeCloseTo(1 - Math.exp(-2), 10);
    expect(10 ** log10PoissonTail(2, 2)).toBeCloseTo(1 - 3 * Math.exp(-2), 10);
    expect(log10PoissonTail(2, 0)).toBe(0);
  });
});
