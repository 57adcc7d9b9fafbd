import { describe, expect, it } from "vitest";
import { erf, erfc, exp, expm1, log, log1p, log10, logGamma, normalQuantile } from "./elementary";

const elementary = { exp, expm1, log, log1p, log10, erf, erfc, logGamma, normalQuantile };

/** [x, f(x)], computed with 60 decimal digits (mpmath) and rounded to the nearest double. */
const reference = {
  exp: [
    [-745.1, 5e-324],
    [-700.5, 5.980196118639791e-305],
    [-37.25, 6.64554417291507e-17],
    [-1.0, 0.36787944117144233],
    [-0.35, 0.7046880897187134],
    [1e-9, 1.000000001],
    [0.3465, 1.4141094938303624],
    [1.1, 3.0041660239464334],
    [10.1, 24343.00942440838],
    [88.7, 3.325986980250579e38],
    [709.78, 1.7928227943945155e308],
  ],
  expm1: [
    [-3.5, -0.9698026165776815],
    [-0.34, -0.2882296772373903],
    [-1e-10, -9.999999999500001e-11],
    [1e-10, 1.00000000005e-10],
    [0.01, 0.010050167084168058],
    [0.35, 0.41906754859325723],
    [2.5, 11.182493960703473],
  ],
  log: [
    [5e-324, -744.4400719213812],
    [1e-308, -709.1962086421661],
    [1e-9, -20.72326583694641],
    [0.52, -0.6539264674066639],
    [0.7, -0.35667494393873245],
    [0.999999, -1.000000500029089e-6],
    [1.000001, 9.999994999180668e-7],
    [1.41, 0.34358970439007686],
    [2.1, 0.7419373447293773],
    [10.5, 2.3513752571634776],
    [12345.678, 9.421061321291832],
    [1.7e308, 709.7268368932282],
  ],
  log1p: [
    [-0.999, -6.907755278982136],
    [-0.51, -0.7133498878774648],
    [-1e-10, -1.00000000005e-10],
    [1e-17, 1e-17],
    [1e-5, 9.999950000333332e-6],
    [0.5, 0.4054651081081644],
    [3.0, 1.3862943611198906],
    [1e20, 46.051701859880914],
  ],
  log10: [
    [1e-300, -300.0],
    [0.001, -3.0],
    [0.5, -0.3010299956639812],
    [1.0001, 4.342727686266486e-5],
    [2.0, 0.3010299956639812],
    [1000.0, 3.0],
    [9.9e200, 200.99563519459755],
  ],
  erf: [
    [-2.5, -0.999593047982555],
    [-1e-9, -1.1283791670955127e-9],
    [1e-300, 1.1283791670955126e-300],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [0.999, 0.8422852702064969],
    [1.001, 0.8431154854780762],
    [2.0, 0.9953222650189527],
    [3.5, 0.9999992569016276],
    [5.9, 0.9999999999999999],
  ],
  erfc: [
    [-3.0, 1.9999779095030015],
    [-0.5, 1.5204998778130465],
    [0.1, 0.887537083981715],
    [0.5, 0.4795001221869535],
    [0.999, 0.15771472979350307],
    [1.001, 0.15688451452192373],
    [1.45, 0.040304974362540776],
    [2.0, 0.004677734981047266],
    [5.0, 1.537459794428035e-12],
    [10.0, 2.088487583762545e-45],
    [20.0, 5.395865611607901e-176],
    [26.0, 5.663192408856143e-296],
  ],
  logGamma: [
    [0.01, 4.599479878042022],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524522],
    [3.1, 0.7873750832738625],
    [4.25, 2.1144569274503713],
    [10.0, 12.801827480081469],
    [15.999, 27.89653040276015],
    [16.0, 27.89927138384089],
    [100.5, 361.4355404677776],
    [12345.0, 103953.5324720479],
    [1000000000.0, 19723265827.503716],
  ],
  normalQuantile: [
    [1e-14, -7.650628092935269],
    [1e-9, -5.9978070150076865],
    [0.001, -3.0902323061678136],
    [0.025, -1.9599639845400543],
    [0.25, -0.6744897501960817],
    [0.49, -0.025068908258711057],
  ],
} as const;

/** Units in the last place that the documentation of each function allows, and an absolute slack. */
const bounds = {
  exp: [4, 0],
  expm1: [6, 0],
  log: [2, 0],
  log1p: [4, 0],
  log10: [3, 0],
  erf: [8, 0],
  erfc: [16, 0],
  logGamma: [4, 2e-14],
  normalQuantile: [64, 0],
} as const;

type Name = keyof typeof reference;
const names = Object.keys(reference) as Name[];

const ulp = (x: number) => 2 ** Math.max(Math.floor(Math.log2(Math.abs(x))) - 52, -1074);

describe("elementary functions", () => {
  it.each(names)("%s agrees with reference values of 60 digits", (name) => {
    const [ulps, slack] = bounds[name];
    for (const [x, expected] of reference[name]) {
      const error = Math.abs(elementary[name](x) - expected);
      expect(error, `${name}(${x})`).toBeLessThanOrEqual(ulps * ulp(expected) + slack);
    }
  });

  it.each(["exp", "expm1", "log", "log1p", "log10"] as const)(
    "%s stays beside the host's own over its whole range",
    (name) => {
      for (let i = 0; i < 4000; i++) {
        const share = (i + 0.37) / 4000;
        const x = { exp: share * 1400 - 700, expm1: share * 20 - 10, log1p: share * 4 - 1 }[name as "exp"];
        const at = x ?? 2 ** (share * 2000 - 1000);
        const expected = Math[name](at);
        expect(Math.abs(elementary[name](at) - expected), `${name}(${at})`).toBeLessThanOrEqual(
          (bounds[name][0] + 1) * ulp(expected),
        );
      }
    },
  );

  it("keeps the edges", () => {
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(-746), exp(710)]).toEqual([
      1,
      0,
      Infinity,
      0,
      Infinity,
    ]);
    expect(expm1(0)).toBe(0);
    expect([log(1), log(0), log(-1), log(Infinity)]).toEqual([0, -Infinity, Number.NaN, Infinity]);
    expect([log1p(0), log1p(-1), log10(1)]).toEqual([0, -Infinity, 0]);
    expect([erf(0), erf(Infinity), erf(-Infinity)]).toEqual([0, 1, -1]);
    expect([erfc(0), erfc(Infinity), erfc(-Infinity)]).toEqual([1, 0, 2]);
    expect([logGamma(1), logGamma(2), logGamma(0), logGamma(-2)]).toEqual([0, 0, Number.NaN, Number.NaN]);
    expect([normalQuantile(0.5), normalQuantile(0), normalQuantile(1)]).toEqual([0, -Infinity, Infinity]);
    for (const f of Object.values(elementary)) expect(f(Number.NaN)).toBeNaN();
  });

  it("never falls where the function rises, across every seam of its pieces", () => {
    for (const [f, seam] of [
      [elementary.erf, 1],
      [elementary.log, Math.SQRT2],
      [elementary.expm1, 0.34],
      [elementary.logGamma, 16],
    ] as const) {
      let before = -Infinity;
      for (let i = -50; i <= 50; i++) {
        const value = f(seam + i * 1e-12);
        expect(value).toBeGreaterThanOrEqual(before - 3 * ulp(value));
        before = value;
      }
    }
  });
});
