import { describe, expect, it, vi } from "vitest";
import { normals } from "@/tests/support/normals";
import { SeededStream } from "../weights/sample-seed";
import { bootstrapDraws, bootstrapInterval, median, ratioOf, variation } from "./bootstrap";

vi.setConfig({ testTimeout: 30_000 });

describe("bootstrap over tensors", () => {
  it("covers the truth about as often as it says", () => {
    let covered = 0;
    for (let run = 0; run < 100; run++) {
      const below = normals("bootstrap", `below ${run}`, 40).map((x) => 2 + 0.2 * x);
      const above = below.map(
        (x, i) => 0.5 * x + 0.3 * (normals("bootstrap", `${run} ${i}`, 2)[0] as number),
      );
      const draws = bootstrapDraws(new SeededStream("seed", String(run)), 40);
      const found = bootstrapInterval(40, draws, ratioOf(above, below));
      if (found && found.low <= 0.5 && 0.5 <= found.high) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(86);
    expect(covered).toBeLessThan(100);
  });

  it("draws the same for the same seed, and nothing from nothing", () => {
    const draws = () => bootstrapDraws(new SeededStream("seed", "label"), 12);
    expect(draws()).toEqual(draws());
    expect(bootstrapDraws(new SeededStream("seed", "label"), 0)).toEqual([]);
    expect(bootstrapInterval(1, [], ratioOf([1], [0]))).toBeNull();
  });

  it("takes the middle, and the spread over the mean", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
    expect(median([])).toBeNaN();
    expect(variation([1, 3])).toBeCloseTo(Math.SQRT2 / 2, 12);
    expect([variation([1]), variation([0, 0])]).toEqual([null, null]);
  });
});
