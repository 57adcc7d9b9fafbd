import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { worked } from "@/tests/support/ocr-answers";
import { holm } from "./holm";
import { logMixture } from "./mixture";
import { permutationTail } from "./permutation";
import { logTail, SuccessCount, shiftedMean, shiftFor, trialsOf } from "./poisson-binomial";
import { rankP } from "./rank";
import { logSecretP } from "./secret";
import { logDensity, logSurvival } from "./student";

// biome-ignore lint/suspicious/noExplicitAny: worked examples have a shape each.
const example = (id: string) => worked.find((one) => one.id === id) as any;
const same = (n: number, value: number) => new Array<number>(n).fill(value);

describe("p_secret", () => {
  test.each(["C1-secret-binomial", "C1-5-16-5", "C1-12-4-12", "C1-40-10-13"])("%s", (id) => {
    const { input, expected } = example(id);
    expect(Math.exp(logSecretP(same(input.N, input.c), input.hits)) / expected.p).toBeCloseTo(1, 12);
  });

  test("twenty of a hundred with 26 options (CANARIES.md)", () => {
    expect(Math.exp(logSecretP(same(100, 26), 20)) / 1.3741721260417499e-9).toBeCloseTo(1, 12);
  });

  test("fewest items that all hit for one in a million: 5 of 16, 4 of 64, 3 of 256 options", () => {
    for (const [options, n] of [
      [16, 5],
      [64, 4],
      [256, 3],
    ] as const) {
      expect(logSecretP(same(n, options), n)).toBeLessThanOrEqual(Math.log(1e-6));
      expect(logSecretP(same(n - 1, options), n - 1)).toBeGreaterThan(Math.log(1e-6));
    }
  });

  test("fewest joint errors that all agree (N1)", () => {
    for (const [q, n] of Object.entries(example("N1-all-agree").expected as Record<string, number>)) {
      expect(logTail(trialsOf(same(n, Number(q))), n)).toBeLessThanOrEqual(Math.log(1e-6) + 1e-9);
      expect(logTail(trialsOf(same(n - 1, Number(q))), n - 1)).toBeGreaterThan(Math.log(1e-6));
    }
  });

  test("no underflow: 9,000 hits of 10,000 at 1/64 (60 digits of mpmath)", () => {
    expect(logSecretP(same(10_000, 64), 9000)).toBeCloseTo(-34199.18482843906, 6);
    expect(logSecretP(same(300, 16), 300) / Math.LN10).toBeCloseTo(-300 * Math.log10(16), 9);
  });
});

describe("a count of successes", () => {
  /** The same by adding up every outcome. */
  const brute = (chances: readonly number[], k: number) => {
    let law = [1];
    for (const q of chances) {
      law = [...law, 0].map((p, j) => p * (1 - q) + (j > 0 ? (law[j - 1] as number) * q : 0));
    }
    return law.slice(Math.max(k, 0)).reduce((sum, p) => sum + p, 0);
  };

  test("agrees with the plain convolution, sure and impossible trials included", () => {
    const chance = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }));
    fc.assert(
      fc.property(fc.array(chance, { maxLength: 25 }), fc.integer({ min: -1, max: 27 }), (chances, k) => {
        const expected = brute(chances, k);
        const found = Math.exp(logTail(trialsOf(chances), k));
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-11 * expected + 1e-300);
      }),
      { numRuns: 400 },
    );
  });

  test("both tails complement each other under any shift", () => {
    const count = new SuccessCount(trialsOf([...same(40, 0.2), ...same(30, 0.6)]), 31);
    for (const s of [-9, -1, 0, 0.4, 2, 12]) {
      expect(Math.exp(count.logUpper(s)) + Math.exp(count.logLower(s))).toBeCloseTo(1, 12);
    }
    const all = new SuccessCount(trialsOf(same(4, 0.3)), 4);
    expect(Math.exp(all.logUpper(0)) + Math.exp(all.logLower(0))).toBeCloseTo(1, 14);
  });

  test("the shift that makes a mean is found", () => {
    const trials = trialsOf([0.05, 0.2, 0.2, 0.9]);
    for (const mean of [0.1, 1.35, 3.9])
      expect(shiftedMean(trials, shiftFor(trials, mean))).toBeCloseTo(mean, 12);
    expect(shiftFor(trials, 1.35)).toBeCloseTo(0, 12);
  });

  test("a hundred thousand trials are no trouble", () => {
    expect(logTail(trialsOf(same(100_000, 1 / 16)), 6250)).toBeCloseTo(-0.6894623165509774, 12);
  });
});

describe("Student's t", () => {
  test.each([
    // scipy.stats.t.logsf and logpdf
    [2, 4, -2.846308259545369, -2.7136972044115897],
    [0, 7, -Math.LN2, -0.954534150571376],
    [-1.2, 3, -0.172130926912795, -1.7849730251755571],
    [9.5, 5, -9.121847888013509, -9.809820893772853],
    [1.1, 30, -1.9658239049531734, -1.5401585319971045],
  ])("z %f, df %i", (z, df, survival, density) => {
    expect(logSurvival(z, df)).toBeCloseTo(survival, 10);
    expect(logDensity(z, df)).toBeCloseTo(density, 10);
  });

  test("one and two degrees of freedom have closed forms; far tails do not vanish", () => {
    for (const z of [-40, -1, 0, 0.3, 1, 1.4, 6, 1e5]) {
      expect(Math.exp(logSurvival(z, 1))).toBeCloseTo(0.5 - Math.atan(z) / Math.PI, 11);
      expect(Math.exp(logSurvival(z, 2))).toBeCloseTo(0.5 - z / (2 * Math.sqrt(2 + z * z)), 11);
    }
    expect(logSurvival(1e12, 50) / Math.LN10).toBeLessThan(-500);
    expect(logSurvival(1e12, 50)).toBeGreaterThan(-Infinity);
  });
});

describe("the mixture over shifts", () => {
  test("without spread it is the tail at the mean; with much it nears the tail of t", () => {
    const count = new SuccessCount(trialsOf(same(60, 0.3)), 30);
    expect(logMixture(count, 0.2, 0, 5)).toBe(count.logUpper(0.2));
    expect(Math.exp(logMixture(count, 0, 1e-6, 5))).toBeCloseTo(Math.exp(count.logUpper(0)), 9);
    const many = new SuccessCount(trialsOf(same(20_000, 0.3)), 10_000);
    const z = (many.center - 0.1) / 0.4;
    expect(logMixture(many, 0.1, 0.4, 4)).toBeCloseTo(logSurvival(z, 4), 2);
  });

  test("is a probability that falls as the count grows, down to all of all", () => {
    let before = 0;
    for (let k = 0; k <= 25; k++) {
      const value = logMixture(new SuccessCount(trialsOf(same(25, 0.4)), k), 0.1, 0.7, 4);
      expect(value).toBeLessThanOrEqual(before);
      before = value;
    }
    expect(before).toBeGreaterThan(-Infinity);
    expect(logMixture(new SuccessCount(trialsOf(same(25, 0.4)), 26), 0.1, 0.7, 4)).toBe(-Infinity);
  });
});

describe("permuted labels", () => {
  /** P(X ≥ hits) over all permutations of the dealt labels. */
  const brute = (dealt: readonly number[], answers: readonly number[], hits: number) => {
    let [reached, all] = [0, 0];
    const deal = (left: readonly number[], item: number, found: number) => {
      if (left.length === 0) {
        all += 1;
        if (found >= hits) reached += 1;
        return;
      }
      left.forEach((label, at) => {
        deal(
          [...left.slice(0, at), ...left.slice(at + 1)],
          item + 1,
          found + (label === answers[item] ? 1 : 0),
        );
      });
    };
    deal(dealt, 0, 0);
    return reached / all;
  };

  test("is the share of all permutations that hit as often, repeated labels and answers included", () => {
    for (const [dealt, answers] of [
      [
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4],
      ],
      [
        [0, 0, 1, 1, 2, 2],
        [0, 0, 0, 1, 2, 5],
      ],
      [
        [0, 0, 0, 1, 2, 3, 3],
        [3, 3, 3, 3, 0, 0, 1],
      ],
    ] as const) {
      const labels = [...new Set(dealt)].map((label) => ({
        drawn: dealt.filter((one) => one === label).length,
        answered: answers.filter((one) => one === label).length,
      }));
      for (let hits = 0; hits <= dealt.length; hits++) {
        const { numerator, denominator } = permutationTail(labels, dealt.length, hits);
        expect(Number(numerator) / Number(denominator), `${dealt} ${answers} ${hits}`).toBeCloseTo(
          brute(dealt, answers, hits),
          12,
        );
      }
    }
  });

  test("refuses what would take for ever", () => {
    expect(() => permutationTail([], 2001, 3)).toThrow(/at most 2000/);
  });
});

test("p_rank counts ties against a finding (A2)", () => {
  const { input, expected } = example("A2-rank");
  const of = (numerator: number) => ({ numerator, denominator: 1 });
  expect(rankP(of(input.T_suspect), input.T_refs.map(of)).p).toBeCloseTo(expected.p, 12);
  expect(rankP(of(5), [of(5), of(4)])).toEqual({ p: 2 / 3, floor: 1 / 3, atLeastAsClose: 1 });
});

test("Holm (M1), in whatever order the pairs come", () => {
  const { input, expected } = example("M1-holm");
  const logs = input.p.map(Math.log10) as number[];
  const found = holm(logs).map((log) => 10 ** log);
  found.forEach((p, i) => {
    expect(p).toBeCloseTo(expected.holm[i], 12);
  });
  expect(holm([...logs].reverse()).reverse()).toEqual(holm(logs));
  expect(holm([])).toEqual([]);
});
