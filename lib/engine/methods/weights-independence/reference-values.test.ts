import { describe, expect, it } from "vitest";
import { gaussian, type Matrix, permutation, randomMatrix } from "@/tests/null/synthetic-models";
import { log10PoissonTail } from "../../statistics/rencontres";
import { windowedMatching } from "../../statistics/row-matching";
import { SeededStream } from "../../weights/sample-seed";

const rows = 256;
const usable = Array.from({ length: rows }, (_, row) => row);

function matched(a: Matrix, b: Matrix): number {
  const { matched: found } = windowedMatching(a, b, usable, new SeededStream("reference", "ties"));
  return found.reduce((sum, count) => sum + count, 0);
}

/** A matrix whose every row has this cosine with the same row of another. */
function towards(a: Matrix, cosine: number, seed: number): Matrix {
  const next = gaussian(seed);
  const rest = Math.sqrt(1 - cosine * cosine) * 0.02;
  return { ...a, values: a.values.map((value) => cosine * value + rest * next()) };
}

describe("METHODS' reference values of the windowed matching", () => {
  const wide = randomMatrix(1, rows, 4096);

  it.each([
    [0, 32],
    [0.02, 92],
    [0.05, 250],
  ])("a block of 4096-wide rows at cosine %f gives about %i", (cosine, expected) => {
    const counts = [2, 3, 4].map((seed) => matched(wide, towards(wide, cosine, seed)));
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    // One block's standard deviation is below 8; of three, four standard errors.
    expect(Math.abs(mean - expected)).toBeLessThan(18);
  });

  it("two independent one-layer projectors between the same frozen towers match nearly every row", () => {
    // Each fitted to its own sample of the one map that both towers fix: that is why no axis of theirs is admissible.
    const map = randomMatrix(7, rows, 64);
    const counts = [8, 9].map((seed) => matched(towards(map, 0.95, seed), towards(map, 0.95, seed + 10)));
    for (const count of counts) expect(count).toBeGreaterThanOrEqual(251);
  });
});

it("the best of every row of layers is found among strangers, too: their sum is never taken", () => {
  const layers = 32;
  let sum = 0;
  for (let one = 0; one < layers; one++) {
    const counts = Array.from(
      { length: layers },
      (_, other) => permutation(1 + one * layers + other, rows).filter((to, from) => to === from).length,
    );
    sum += Math.max(...counts);
  }
  // METHODS' 113, beyond what 1e-12 asks of 32 matchings fixed beforehand.
  expect(sum).toBeGreaterThan(95);
  expect(sum).toBeLessThan(130);
  expect(log10PoissonTail(layers, sum)).toBeLessThan(-12);
});
