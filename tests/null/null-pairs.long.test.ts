import { describe, expect, it } from "vitest";
import { calibration } from "@/lib/engine/statistics/calibration";
import { microModels } from "../zoo/micro";
import { kolmogorovSmirnov, nullPair, tailsOf } from "./null-pairs";
import { uniform } from "./synthetic-models";

describe("independently trained models", () => {
  it("a few pairs, trained again: no flag, and p as uniform as its steps allow", async () => {
    const models = await microModels(16, 90_000);
    const u = uniform(3);
    const randomised: number[] = [];
    for (let at = 0; at < models.length; at += 2) {
      const [a, b] = [models[at], models[at + 1]];
      if (!a || !b) throw new Error("a pair has two models");
      const { independence, invariant } = await nullPair(a, b, `long ${at}`);
      expect(independence.log10P).toBeGreaterThan(-6);
      expect(invariant.log10P).toBeGreaterThan(-6);
      randomised.push(tailsOf(independence.sizes, independence.matched, u()).randomised);
    }
    expect(kolmogorovSmirnov(randomised)).toBeLessThan(1.95);
  });

  it("the committed calibration rests on 200 disjoint pairs and saw no false flag", () => {
    for (const { observed, of, distance } of [calibration.independence, calibration.invariant]) {
      expect(of).toBeGreaterThanOrEqual(200);
      expect(observed).toBe(0);
      expect(distance).toBeLessThan(1.36);
    }
  });
});
