import fc from "fast-check";
import { linearSumAssignment } from "linear-sum-assignment";
import { describe, expect, it } from "vitest";
import { assign } from "./assignment";

const total = (cost: Float64Array | Float32Array, n: number, columnOf: Int32Array) =>
  columnOf.reduce((sum, column, row) => sum + (cost[row * n + column] as number), 0);

function oracleTotal(cost: Float64Array | Float32Array, n: number): number {
  const rows = Array.from({ length: n }, (_, row) =>
    Float64Array.from(cost.subarray(row * n, (row + 1) * n)),
  );
  const { columnAssignments } = linearSumAssignment(rows, { maximaze: false });
  return total(cost, n, Int32Array.from(columnAssignments));
}

function bestOfAll(cost: Float64Array, n: number): number {
  const search = (row: number, used: number): number => {
    if (row === n) return 0;
    let best = Number.POSITIVE_INFINITY;
    for (let column = 0; column < n; column++) {
      if (used & (1 << column)) continue;
      best = Math.min(best, (cost[row * n + column] as number) + search(row + 1, used | (1 << column)));
    }
    return best;
  };
  return search(0, 0);
}

const isPermutation = (columnOf: Int32Array, n: number) =>
  [...columnOf].sort((a, b) => a - b).every((column, index) => column === index) && columnOf.length === n;

const square = (entry: fc.Arbitrary<number>, maxLength: number) =>
  fc
    .integer({ min: 1, max: maxLength })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(entry, { minLength: n * n, maxLength: n * n })));

describe("assign", () => {
  it("finds a total no larger than an independent implementation", () => {
    fc.assert(
      fc.property(square(fc.double({ min: -1e3, max: 1e3, noNaN: true }), 24), ([n, entries]) => {
        const cost = Float64Array.from(entries);
        const columnOf = assign(cost, n);
        expect(isPermutation(columnOf, n)).toBe(true);
        // No permutation can be below the least; the oracle itself stops some 1e-7 short of it.
        expect(total(cost, n, columnOf)).toBeLessThanOrEqual(oracleTotal(cost, n) + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it("is optimal where almost everything is a tie", () => {
    fc.assert(
      fc.property(square(fc.integer({ min: -1, max: 2 }), 7), ([n, entries]) => {
        const cost = Float64Array.from(entries);
        const columnOf = assign(cost, n);
        expect(isPermutation(columnOf, n)).toBe(true);
        expect(total(cost, n, columnOf)).toBe(bestOfAll(cost, n));
        expect(assign(cost, n)).toEqual(columnOf);
      }),
      { numRuns: 500 },
    );
  });

  it("is optimal where costs differ by less than rounding can carry", () => {
    const tiny = fc.integer({ min: 0, max: 3 }).map((k) => 1 + k * Number.EPSILON);
    fc.assert(
      fc.property(square(tiny, 16), ([n, entries]) => {
        const columnOf = assign(Float64Array.from(entries), n);
        expect(isPermutation(columnOf, n)).toBe(true);
      }),
    );
  });

  it("takes float32 costs, and finds a hidden permutation", () => {
    const n = 64;
    const hidden = Int32Array.from({ length: n }, (_, row) => (row * 37 + 11) % n);
    const cost = new Float32Array(n * n).map((_, k) => ((k * 7919) % 101) / 1000);
    hidden.forEach((column, row) => {
      cost[row * n + column] = -1;
    });
    expect(assign(cost, n)).toEqual(hidden);
  });

  it("gives equal costs in the order of their indices", () => {
    expect([...assign(new Float64Array(1), 1)]).toEqual([0]);
    expect([...assign(new Float64Array(0), 0)]).toEqual([]);
    const first = assign(new Float64Array(25), 5);
    expect(isPermutation(first, 5)).toBe(true);
    expect(assign(new Float64Array(25).fill(7), 5)).toEqual(first);
  });

  it("refuses what is no square of finite numbers", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => assign(Float64Array.of(0, 1, bad, 3), 2)).toThrow(RangeError);
    }
    expect(() => assign(new Float64Array(5), 2)).toThrow(RangeError);
    expect(() => assign(new Float64Array(4), 1.5)).toThrow(RangeError);
  });
});
