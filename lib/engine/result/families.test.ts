import { expect, test } from "vitest";
import type { MethodOutcome } from "../methods/method";
import { familiesReason } from "./families";
import { privateGroupAgrees } from "./sibling-panel";

const outcome = (method: string, says: string, statistics: object = {}) =>
  ({ method, says, statistics }) as unknown as MethodOutcome;
const families = (...outcomes: MethodOutcome[]) => familiesReason("derived", outcomes)?.facts.families;
const shared = (count: number) => ({ ownTokens: { redefined: { shared: 0 }, added: { shared: count } } });

test("a shared tokenizer, an equal structure, code of which nothing is shared are no second family", () => {
  expect(families(outcome("tokenizer", "same-tokenizer", { ownTokens: null }))).toEqual(["weights"]);
  expect(families(outcome("tokenizer", "largely-same", shared(0)))).toEqual(["weights"]);
  const same = { leftoverNames: [], totals: { sameWrongFigure: false } };
  expect(families(outcome("architecture", "same-structure", same))).toEqual(["weights"]);
  expect(families(outcome("code", "nothing-shared"), outcome("code", "cannot-tell"))).toEqual(["weights"]);
  expect(families(outcome("lineage", "mentioned"))).toEqual(["weights"]);
});

test("tokens of one's own, a leftover name, shared code and a declaration are", () => {
  expect(
    families(
      outcome("code", "parts-shared"),
      outcome("tokenizer", "different", shared(2)),
      outcome("architecture", "different", { leftoverNames: ["a.B"] }),
      outcome("lineage", "declared"),
    ),
  ).toEqual(["weights", "code", "tokenizer", "structure", "lineage"]);
});

test("what is related at most has no families that agree", () => {
  expect(familiesReason("related", [outcome("code", "same-program")])).toBeNull();
});

test("a private group counts from 10^-9 on, after the models screened", () => {
  const found = (log10P: number, screened: number) =>
    privateGroupAgrees({ private: { pooled: { log10P } }, multiplicity: { screened } } as never)?.code ??
    null;
  expect(found(-9.01, 1)).toBe("private-group-agrees");
  expect(found(-8.9, 1)).toBeNull();
  expect(found(-9.5, 10)).toBeNull();
  expect(found(-12, 1000)).toBeNull();
  expect(found(-12.1, 1000)).toBe("private-group-agrees");
  expect(privateGroupAgrees(null)).toBeNull();
});
