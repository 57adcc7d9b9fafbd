import { describe, expect, it } from "vitest";
import { normals } from "@/tests/support/normals";
import { gramOf, partialFit } from "./regression";

const n = 20000;
const draw = (label: string) => normals("regression", label, n);

function combine(...terms: [number, Float32Array][]): Float32Array {
  return Float32Array.from({ length: n }, (_, i) =>
    terms.reduce((sum, [w, v]) => sum + w * (v[i] as number), 0),
  );
}

describe("joint regression", () => {
  const [o, m, other] = [draw("o"), draw("m"), draw("other")];

  it("finds the coefficients of a combination exactly", () => {
    const fit = partialFit(gramOf([m, o, combine([0.5, o], [0.3, m])]));
    expect(fit.os / fit.oo).toBeCloseTo(0.5, 6);
    expect(fit.others[0]).toBeCloseTo(0.3, 6);
    expect(fit.explained).toBeCloseTo(1, 6);
  });

  it("takes what both share with a third out of the partial coefficient", () => {
    const [a, b] = [combine([1, m], [0.5, o]), combine([1, m], [0.5, other])];
    const alone = partialFit(gramOf([a, b]));
    const joint = partialFit(gramOf([m, a, b]));
    expect(alone.os / alone.oo).toBeCloseTo(0.8, 1);
    expect(Math.abs(joint.os / joint.oo)).toBeLessThan(0.03);
  });

  it("leaves out a regressor that is a combination of others instead of dividing by nothing", () => {
    const zero = new Float32Array(n);
    const fit = partialFit(gramOf([m, combine([2, m]), zero, o, combine([0.7, o], [0.1, other])]));
    expect(fit.others.map((value) => value === null)).toEqual([false, true, true]);
    expect(fit.os / fit.oo).toBeCloseTo(0.7, 2);
  });

  it("says the same of s on o as of o on s, but for the denominator", () => {
    const s = combine([0.4, o], [0.6, m], [1, other]);
    const [forth, back] = [partialFit(gramOf([m, o, s])), partialFit(gramOf([m, s, o]))];
    expect(forth.os).toBeCloseTo(back.os, 8);
    expect(forth.oo).toBeCloseTo(back.ss, 8);
  });
});
