import { describe, expect, test } from "vitest";
import { permutedDraws, rankDraws, secretDraws } from "@/tests/null/canary-exact";
import { choice, reading } from "@/tests/null/canary-models";
import { boundAt, panelDraws, rateAt } from "@/tests/null/canary-rates";

const alphas = [0.05, 0.01, 1e-3];

describe("statistics that are called exact", () => {
  test.each([
    ["p_secret", secretDraws(20_000, 11)],
    ["p_secret of permuted labels", permutedDraws(10_000, 12)],
    ["p_rank, 19 references", rankDraws(10_000, 19, 13)],
    ["p_rank, 999 references", rankDraws(2000, 999, 14)],
  ])("%s: no more small p-values than chance has", (_, values) => {
    for (const alpha of alphas) {
      expect(rateAt(values, alpha), `α ${alpha}`).toBeLessThanOrEqual(boundAt(alpha, values.length));
    }
    // A statistic that never comes near the bound would pass without being any.
    expect(rateAt(values, 0.5)).toBeGreaterThan(0.2);
  });
});

describe("p_robust between unrelated models", () => {
  test.each([
    ["multiple choice", choice],
    ["reading characters", reading],
  ])("%s: stays below its α", (_, trade) => {
    const options = { trade: { ...trade, items: 150 }, references: 5, panels: 12, suspects: 5, seed: 21 };
    const { robust } = panelDraws(options);
    const values = robust["pairs, df = families"] as number[];
    for (const alpha of alphas) {
      expect(rateAt(values, alpha), `α ${alpha}`).toBeLessThanOrEqual(boundAt(alpha, values.length));
    }
  });

  test("siblings of a base that the references lack would be flagged: why matched references are a rule", () => {
    const options = { trade: { ...reading, items: 200 }, references: 6, panels: 6, suspects: 4, seed: 31 };
    const { robust } = panelDraws({ ...options, sharedBase: 0.5 });
    expect(rateAt(robust["pairs, df = families"] as number[], 0.01)).toBeGreaterThan(0.5);
    const matched = panelDraws({ ...options, sharedBase: 0.5, references: 3, matched: 5 });
    expect(rateAt(matched.robust["pairs, df = families"] as number[], 0.01)).toBe(0);
  });
});
