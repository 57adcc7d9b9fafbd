import { describe, expect, it } from "vitest";
import { normals } from "@/tests/support/normals";
import { gridOf, type NumberGrid, roundToGrid } from "../../weights/number-grid";
import { binadesOf, fitNoise } from "./noise-law";

const n = 262144;
const grid = gridOf("BF16") as NumberGrid;
const raw = normals("law", "centre", n).map((x) => 0.02 * x);
const centre = roundToGrid(raw, grid);
const z = normals("law", "noise", n);
const noisy = (around: Float32Array, sigma: number) =>
  roundToGrid(
    around.map((x, i) => x + sigma * (z[i] as number)),
    grid,
  );

function meanSquare(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + (x - (b[i] as number)) * (x - (b[i] as number)), 0) / a.length;
}

describe("the noise law", () => {
  it.each([
    [1e-5, 0.916],
    [1e-4, 0.337],
    [1e-3, 0.037],
  ])("noise of %d leaves METHODS' share of values above 2^-10 equal, and is found again", (sigma, share) => {
    const other = noisy(centre, sigma);
    let [equal, all] = [0, 0];
    centre.forEach((x, i) => {
      if (Math.abs(x) <= 2 ** -10) return;
      all += 1;
      if (x === other[i]) equal += 1;
    });
    expect(equal / all).toBeCloseTo(share, 2);
    const fit = fitNoise(binadesOf(centre, other, grid), false, meanSquare(centre, other));
    expect(Math.abs((fit?.sigma as number) / sigma - 1)).toBeLessThan(0.03);
    expect(fit?.deviance).toBeLessThan(4 * (fit?.degrees as number) + 10);
    expect(Math.abs(meanSquare(centre, other) / (fit?.moment2 as number) - 1)).toBeLessThan(0.06);
  });

  it("fits noise added before rounding with the law of uniform offsets, and not with the other", () => {
    const other = noisy(raw, 3e-5);
    const binades = binadesOf(centre, other, grid);
    const moment2 = meanSquare(centre, other);
    const offset = fitNoise(binades, true, moment2);
    expect(Math.abs((offset?.sigma as number) / 3e-5 - 1)).toBeLessThan(0.03);
    expect(offset?.deviance).toBeLessThan(4 * (offset?.degrees as number) + 10);
    expect(fitNoise(binades, false, moment2)?.deviance).toBeGreaterThan(10 * (offset?.deviance as number));
  });

  it("refuses differences that do not shrink with the unit, as rounding twice leaves them", () => {
    const twice = centre.map((x, i) => (i % 16 === 0 ? x * (1 + 2 ** -7) : x));
    const other = roundToGrid(twice, grid);
    const fit = fitNoise(binadesOf(centre, other, grid), false, meanSquare(centre, other));
    expect(fit?.deviance).toBeGreaterThan(1000);
  });

  it("says nothing where nearly all or hardly any values are equal", () => {
    expect(fitNoise(binadesOf(centre, centre, grid), false, 0)).toBeNull();
    const far = noisy(centre, 0.05);
    expect(fitNoise(binadesOf(centre, far, grid), false, meanSquare(centre, far))).toBeNull();
  });
});
