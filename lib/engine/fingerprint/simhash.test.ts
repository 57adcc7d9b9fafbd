import { expect, test } from "vitest";
import { gaussians } from "@/tests/support/small-weights";
import { bandCount, bandsOf, candidateDistance, hammingDistance, simhashBits, simhashOf } from "./simhash";

/** Pairs of sketches whose values have this cosine: coordinates of a sketch are jointly normal with that correlation. */
function* pairs(cosine: number, count: number): Generator<[string, string]> {
  const rest = Math.sqrt(1 - cosine * cosine);
  for (let i = 0; i < count; i++) {
    const a = gaussians(`a ${cosine} ${i}`, simhashBits, 1);
    const noise = gaussians(`noise ${cosine} ${i}`, simhashBits, 1);
    yield [simhashOf(a), simhashOf(a.map((value, at) => cosine * value + rest * (noise[at] as number)))];
  }
}

test.each([
  [0.99, 1.0],
  [0.9, 0.94],
  [0.7, 0.26],
  [0.5, 0.05],
])("at cosine %f a model is a candidate with probability %f", (cosine, expected) => {
  let candidates = 0;
  const count = 150;
  for (const [a, b] of pairs(cosine, count)) {
    const bands = new Set(bandsOf(a));
    if (bandsOf(b).some((band) => bands.has(band))) candidates += 1;
  }
  // Four standard errors of a simulation of this size, and a little for the rounding of the stated figures.
  const allowed = 4 * Math.sqrt((expected * (1 - expected)) / count) + 0.01;
  expect(Math.abs(candidates / count - expected)).toBeLessThanOrEqual(allowed);
});

test("the share of differing bits is the angle over π", () => {
  let differing = 0;
  for (const [a, b] of pairs(0.7, 60)) differing += hammingDistance(a, b);
  const expected = (simhashBits * Math.acos(0.7)) / Math.PI;
  expect(Math.abs(differing / 60 - expected)).toBeLessThan(8);
});

test("distance counts bits; the bands are the first half of the bits, each once", () => {
  const zero = "0".repeat(256);
  expect(hammingDistance(zero, `8${"0".repeat(254)}f`)).toBe(5);
  expect(hammingDistance(zero, "f".repeat(256))).toBe(1024);
  expect(bandsOf(zero)).toHaveLength(32);
  expect(
    bandsOf("0123456789abcdef".repeat(16))
      .map((band) => band.slice(3))
      .join(""),
  ).toBe("0123456789abcdef".repeat(8));
});

test("of a million unrelated models about 490 share a band, and none lies within the distance by chance", () => {
  expect(bandsOf("0".repeat(256))).toHaveLength(bandCount);
  expect(1e6 * (1 - (1 - 2 ** -16) ** bandCount)).toBeCloseTo(488, 0);
  // P(Bin(1024, 1/2) ≤ 320), in whole numbers.
  let [ways, sum] = [1n, 1n];
  for (let k = 1n; k <= BigInt(candidateDistance); k++) {
    ways = (ways * (BigInt(simhashBits) - k + 1n)) / k;
    sum += ways;
  }
  const scaled = (sum * 10n ** 40n) >> BigInt(simhashBits);
  expect(Number(scaled) / 1e40).toBeLessThan(5e-34);
  expect(Number(scaled) / 1e40).toBeGreaterThan(3e-34);
});
