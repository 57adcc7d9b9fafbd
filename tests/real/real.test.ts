import { describe, expect, test } from "vitest";
import type { ResultDocument } from "@/lib/engine/result/document";
import { compareReal } from "./compare-real";
import { type RealName, realModels } from "./models";
import { installedFile, openModel } from "./packages";
import { type RealPair, realPairs, verdictOf } from "./pairs";

const open = (name: RealName) => openModel(name, installedFile(name) ?? "");
const missing = ({ original, suspect }: RealPair) =>
  [original, suspect].filter((name) => installedFile(name) === null);
const statistics = ({ methods }: ResultDocument, id: string) =>
  methods.find(({ method }) => method === id)?.statistics as Record<string, unknown>;

test("every pair is of files that the catalogue names, once in one order", () => {
  const keys = realPairs.map(({ original, suspect }) => [original, suspect].sort().join(" "));
  expect(new Set(keys).size).toBe(keys.length);
  for (const { original, suspect, right, open } of realPairs) {
    expect(Object.keys(realModels)).toEqual(expect.arrayContaining([original, suspect]));
    expect(right.filter((relation) => open.includes(relation))).toEqual([]);
  }
});

test("pairs of every kind lie among the packages of this project", () => {
  const kinds = realPairs.filter((pair) => missing(pair).length === 0).map(({ truth }) => truth);
  expect([...new Set(kinds)].sort()).toEqual(["same-file", "same-weights", "unrelated", "versions"]);
});

describe("real models, compared without ancestors", () => {
  for (const pair of realPairs) {
    const without = missing(pair);
    const name = `${pair.original} and ${pair.suspect} (${pair.truth})`;
    // Packages that are not installed are compared by npm run real, which fetches them.
    test.skipIf(without.length > 0)(
      `${name}${without.length > 0 ? ` – not installed: ${without}` : ""}`,
      async () => {
        const [a, b] = [open(pair.original), open(pair.suspect)];
        const [one, other] = [await compareReal(a, b, 2), await compareReal(b, a, 2)];
        expect(other.summary.relation).toBe(one.summary.relation);
        expect(other.summary.transformations).toEqual(one.summary.transformations);
        expect(verdictOf(pair, one.summary.relation)).not.toBe("wrong");
        if (pair.truth.startsWith("same-")) expect(verdictOf(pair, one.summary.relation)).toBe("right");
        if (pair.truth === "unrelated") expect(one.summary.notIndependent).not.toBe(true);
      },
    );
  }
});

test("half of v6 is found in it by its values, under names that another exporter gave", async () => {
  const result = await compareReal(open("silero-v6"), open("silero-16k-op15"), 3);
  expect(result.summary.relation).toBe("derived");
  expect(statistics(result, "weights/aligned")).toMatchObject({ equal: 1, changes: { trained: 0, none: 0 } });
});

test("the Fourier basis that v5 and v6 share is no resemblance", async () => {
  const result = await compareReal(open("silero-v5"), open("silero-v6"), 3);
  expect(statistics(result, "weights/aligned")).toMatchObject({ changes: { equal: 0, trained: 0 } });
  expect(result.methods.find(({ method }) => method === "weights/full")?.says).toBe("no-bytes-equal");
  expect(result.summary.groups.map(({ relation }) => relation)).not.toContain("related");
});
