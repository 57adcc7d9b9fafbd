import { describe, expect, it } from "vitest";
import { randomMatrix } from "@/tests/null/synthetic-models";
import { globalDraws, rates, uniformity, windowedDraws } from "@/tests/null/uniform-law";
import { SeededStream } from "../weights/sample-seed";
import { globalMatching, type RowBlock, unusableRows, usableOnBoth, windowedMatching } from "./row-matching";

const stream = () => new SeededStream("seed", "ties");
const all = (rows: number) => Array.from({ length: rows }, (_, row) => row);

describe("windows", () => {
  it("find every row of a copy, whatever its signs and scales", () => {
    const a = randomMatrix(1, 64, 16);
    const b: RowBlock = {
      ...a,
      values: a.values.map((value, at) => (Math.floor(at / 16) % 2 ? -3 : 0.5) * value),
    };
    expect(windowedMatching(a, b, all(64), stream()).matched).toEqual(new Array(8).fill(8));
  });

  it("take part with the rows that are left, and not with one alone", () => {
    const a = randomMatrix(1, 24, 16);
    const usable = [0, 1, 2, 9, 16, 17, 18, 19, 20, 21, 22, 23];
    expect(windowedMatching(a, a, usable, stream()).sizes).toEqual([3, 8]);
  });

  it("ties fall by the seed, never by the index", () => {
    const flat: RowBlock = {
      values: Float32Array.from({ length: 64 * 16 }, (_, at) => at % 16),
      rows: 64,
      cols: 16,
    };
    const matched = Array.from({ length: 200 }, (_, draw) =>
      windowedMatching(flat, flat, all(64), new SeededStream("seed", String(draw))).matched.reduce(
        (x, y) => x + y,
        0,
      ),
    );
    const mean = matched.reduce((x, y) => x + y, 0) / matched.length;
    // One in each of the 8 windows by chance; without the shuffle all 64.
    expect(mean).toBeGreaterThan(6.5);
    expect(mean).toBeLessThan(9.5);
  });
});

describe("rows without an index of their own", () => {
  it("are zero, constant, repeated (all of them) or no numbers", () => {
    const { values, rows, cols } = randomMatrix(2, 10, 8);
    values.fill(0, 0, 8);
    values.fill(3, 8, 16);
    values.copyWithin(4 * 8, 3 * 8, 4 * 8);
    values[6 * 8] = Number.NaN;
    values[7 * 8] = Number.POSITIVE_INFINITY;
    expect([...unusableRows({ values, rows, cols })]).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0, 0]);
  });

  it("go on both sides where one has them", () => {
    const [a, b] = [randomMatrix(3, 8, 8), randomMatrix(4, 8, 8)];
    a.values.fill(0, 0, 8);
    b.values.fill(0, 8, 16);
    expect(usableOnBoth(a, b)).toEqual({ usable: [2, 3, 4, 5, 6, 7], dropped: [1, 1] });
  });
});

describe("the null", () => {
  it.each([
    ["32 rows in windows", () => windowedDraws(1500, 32, 8, 21)],
    ["one assignment of 32", () => globalDraws(1500, 32, 23)],
  ] as const)("%s: P(p ≤ α) ≤ α, and the randomised p is uniform", (_, draw) => {
    const draws = draw();
    for (const { rate, bound } of rates(draws)) expect(rate).toBeLessThanOrEqual(bound);
    expect(uniformity(draws)).toBeLessThan(1.95);
  });

  it("is refused where p-values are too small", () => {
    const { p, randomised } = windowedDraws(400, 32, 8, 31);
    const shifted = { p: p.map((value) => value ** 3), randomised: randomised.map((value) => value ** 3) };
    expect(rates(shifted).some(({ rate, bound }) => rate > bound)).toBe(true);
    expect(uniformity(shifted)).toBeGreaterThan(1.95);
  });
});

describe("the global matching", () => {
  it("counts rows at and near their own index", () => {
    const cosines = Float32Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0));
    expect(globalMatching([0, 1, 2, 40], cosines, stream())).toEqual({
      matched: 4,
      near: 4,
      rows: 4,
      expectedNear: 2.5,
    });
  });
});
