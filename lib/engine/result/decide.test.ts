import { expect, test } from "vitest";
import { decide } from "./decide";
import type { Evidence } from "./evidence";

const evidence = (given: object) =>
  ({
    ancestorsGiven: 0,
    ancestorsClosed: false,
    equalWeights: null,
    nothingInCommon: false,
    aligned: null,
    independence: null,
    invariant: null,
    fingerprint: null,
    ...given,
  }) as unknown as Evidence;

const aligned = (original: number, suspect: number) => ({
  says: "unrelated",
  found: {
    changes: { equal: 0, trained: 0, none: 9 },
    tensors: { counted: 9, unpaired: { original, suspect } },
    tensorMap: [],
  },
});

/** Neurons found renumbered, their rows equal. */
const renumbered = {
  says: "not-independent-calibrated",
  found: { search: { calibratedBy: 2, matchedRows: { equal: 1, white: false } } },
};

test.each([
  [0, 0, "derived"],
  [12, 0, "derived"],
  [12, 52, "related"],
])("renumbered neurons beside %i and %i tensors that the other side lacks: %s", (mine, theirs, relation) => {
  for (const [a, b] of [
    [mine, theirs],
    [theirs, mine],
  ] as const) {
    const found = decide(evidence({ aligned: aligned(a, b), invariant: renumbered }));
    expect(found.relation).toBe(relation);
  }
});

test.each([
  [null, null, "independent"],
  [0, 0, "independent"],
  [null, 0, "inconclusive"],
  [0, null, "inconclusive"],
])("tests that found nothing between experts %s and %s: %s", (mine, theirs, relation) => {
  const cell = { original: { expert: mine }, suspect: { expert: theirs } };
  const found = decide(
    evidence({
      aligned: aligned(0, 0),
      independence: { says: "no-evidence", found: { cells: [cell], identity: { of: 64 }, private: null } },
      invariant: { says: "no-evidence", found: { products: { pooled: {} }, search: { calibratedBy: 2 } } },
    }),
  );
  expect(found.relation).toBe(relation);
});
