import { describe, expect, it } from "vitest";
import { linearScale } from "./scale";

describe("linearScale", () => {
  it("ends on round ticks that hold all data", () => {
    const scale = linearScale(-0.13, 1.07, 0, 100);
    expect(scale.ticks).toEqual([-0.25, 0, 0.25, 0.5, 0.75, 1, 1.25]);
    expect([scale.at(-0.25), scale.at(1.25)]).toEqual([0, 100]);
  });

  it("keeps a scale of one value usable, and turns where pixels fall", () => {
    const scale = linearScale(3, 3, 100, 0);
    expect(scale.max).toBeGreaterThan(scale.min);
    expect(scale.at(scale.max)).toBe(0);
  });
});
