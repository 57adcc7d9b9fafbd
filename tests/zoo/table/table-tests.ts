import { afterAll, describe, expect, test } from "vitest";
import { zooPairs } from "../pairs";
import type { ZooPair } from "../truth";
import { comparePair, transformationErrors } from "./compare-pair";

/** Kinds of pairs in which one comes from the other: at least "related", always. */
const derivedKinds = new Set(["same", "copy", "tuned"]);
/** Never "derived" or "identical", whatever else. */
const innocentKinds = new Set(["siblings", "same-start", "independent"]);

const oneWay = zooPairs.filter((_, index) => index % 2 === 0);

/** Every innocent pair; of the others the first of each kind and transformation, with and without ancestors. */
export const suitePairs = oneWay.filter((pair, index) => {
  const { kind } = pair.truth;
  return innocentKinds.has(kind) || oneWay.findIndex((other) => sortOf(other) === sortOf(pair)) === index;
});

/** What the suite leaves to the long tests. */
export const furtherPairs = oneWay.filter((pair) => !suitePairs.includes(pair));

function sortOf({ truth, ancestors }: ZooPair): string {
  return [truth.kind, truth.transformations, ancestors.length > 0].join(" ");
}

/**
 * The table: each pair in both orders, against its truth by construction. `part` of `of` files, so that two
 * cores share it. Right transformations are demanded of nine in ten derived pairs, in every part.
 */
export function tableTests(pairs: readonly ZooPair[], part: number, of: number): void {
  const there = pairs.filter((_, index) => index % of === part);
  const transformed = { right: 0, wrong: [] as string[] };

  describe.each(there.map((pair) => ({ ...pair, name: nameOf(pair) })))("$name", (pair) => {
    // Two dozen ancestors take two minutes on a machine that is busy otherwise.
    test("is called what it is, in both orders", { timeout: 600_000 }, async () => {
      const result = await comparePair(pair);
      const { relation } = result.summary;
      if (innocentKinds.has(pair.truth.kind)) expect(["derived", "identical"]).not.toContain(relation);
      if (derivedKinds.has(pair.truth.kind)) expect(["derived", "identical", "related"]).toContain(relation);
      expect(pair.truth.relations).toContain(relation);

      const back = await comparePair({ ...pair, original: pair.suspect, suspect: pair.original });
      expect(symmetric(back)).toEqual(symmetric(result));

      if (derivedKinds.has(pair.truth.kind) && pair.truth.transformations !== null) {
        const errors = transformationErrors(pair, result);
        if (errors.length === 0) transformed.right += 1;
        else transformed.wrong.push(`${pair.name}: ${errors.join(" ")}`);
      }
    });
  });

  afterAll(() => {
    const all = transformed.right + transformed.wrong.length;
    expect(transformed.right / all, transformed.wrong.join("\n")).toBeGreaterThanOrEqual(0.9);
  });
}

/** Everything of a summary that swapping may not change. */
function symmetric({ summary, methods }: Awaited<ReturnType<typeof comparePair>>) {
  const { relation, notIndependent, closest, cannotExclude, transformations, noiseSigma, alpha, groups } =
    summary;
  return {
    relation,
    notIndependent,
    closest,
    cannotExclude,
    transformations,
    noiseSigma,
    alpha,
    groups,
    methods: methods.map(({ method, says, pValueLog10 }) => ({ method, says, pValueLog10 })),
  };
}

function nameOf({ original, suspect, ancestors, truth }: (typeof zooPairs)[number]): string {
  return `${original} and ${suspect}${ancestors.length > 0 ? `, ${ancestors.length} ancestors` : ""} (${truth.note})`;
}
