import { expect, test } from "vitest";
import { canaryCodeOf } from "@/tests/support/canary-error";
import { knownChains } from "./beacon/chains";
import { requireItemsOfTerms } from "./check-items";
import { type CanaryTerms, deadlineEnds, parseTerms, promptFor } from "./terms";

const beacon = { ...knownChains.quicknet, round: 40_000_000 };
const terms = {
  schema: "slipmark.canary-terms/v1",
  kind: "random-label",
  items: 24,
  options: 16,
  primary: "secret",
  threshold: "0.000001",
  normaliser: "n1",
  fold: "none",
  prompt: "{prompt}",
  extractor: { kind: "whole" },
  repeats: 3,
  references: ["one", "two"],
  needsReferences: 5,
  deadline: "2027-01-31",
  beacon,
};
const natural = { ...terms, kind: "natural", options: null, primary: "robust", threshold: "0.01" };
const generator = { program: "rare-han/v1", parameters: { from: 0x4e00, to: 0x9fa5 } };
const drawn = { ...natural, kind: "generator", generator };
const code = (value: unknown) => canaryCodeOf(() => parseTerms(value));

test.each([
  ["random labels judged by p_secret", terms],
  ["random labels judged by rank", { ...terms, primary: "rank", threshold: "0.05", needsReferences: 19 }],
  ["natural items", natural],
  ["natural items with options and no beacon", { ...natural, options: 4, beacon: { kind: "none" } }],
  ["a generator", drawn],
  ["a checkpoint of the log", { ...terms, beacon: { kind: "log-checkpoint", size: 900, grindBits: 20 } }],
  ["a pattern", { ...terms, extractor: { kind: "regex", pattern: "^answer: ([a-z0-9 ]{1,40})" } }],
])("%s can be terms", (_, value) => {
  expect(parseTerms(value)).toEqual(value);
});

test.each<[string, object]>([
  ["a binomial null on natural items", { ...natural, primary: "secret" }],
  ["a binomial null on generated items", { ...drawn, primary: "secret" }],
  ["a binomial null on natural items with options", { ...natural, primary: "secret", options: 64 }],
  ["errors on labels that have no truth", { ...terms, primary: "robust" }],
  ["fifteen options", { ...terms, options: 15 }],
  ["random labels without options", { ...terms, options: null }],
  ["random labels that nothing draws", { ...terms, beacon: { kind: "none" } }],
  ["a generator that nothing feeds", { ...drawn, beacon: { kind: "none" } }],
  ["a generator set without its program", { ...drawn, generator: undefined }],
  ["a program in another set", { ...natural, generator }],
  [
    "an alphabet across blocks",
    { ...drawn, generator: { ...generator, parameters: { from: 0x4d00, to: 0x4e10 } } },
  ],
  ["a rank that five references never reach", { ...natural, primary: "rank", threshold: "0.01" }],
  [
    "a rank that eighteen references never reach",
    { ...natural, primary: "rank", threshold: "0.05", needsReferences: 18 },
  ],
  ["a threshold that decides nothing", { ...natural, threshold: "0.5" }],
  ["a threshold of nothing", { ...natural, threshold: "0.00" }],
  ["a threshold with an exponent", { ...natural, threshold: "1e-6" }],
  ["a threshold as a number", { ...natural, threshold: 0.01 }],
  ["trailing zeros", { ...natural, threshold: "0.010" }],
  ["four references", { ...natural, needsReferences: 4 }],
  ["two repeats", { ...natural, repeats: 2 }],
  ["another normaliser", { ...natural, normaliser: "n2" }],
  ["a day that is none", { ...natural, deadline: "2027-02-30" }],
  ["the prompt twice", { ...natural, prompt: "{prompt} {prompt}" }],
  ["a reference twice", { ...natural, references: ["a", "a"] }],
  ["an unknown field", { ...natural, more: 1 }],
  ["no items", { ...natural, items: 0 }],
  ["too many items", { ...natural, items: 100_001 }],
])("%s cannot be terms", (_, value) => {
  expect(code(JSON.parse(JSON.stringify(value)))).toBe("bad-terms");
});

test.each([
  "(a+)+$",
  "(?=a)b",
  "(a)\\1",
  "a*b*",
  ".*.*=",
  "(?<n>a)\\k<n>",
  "(ab){2}",
  "a{1,}b*",
  "a{1,99}a{1,99}a{1,99}b",
  "a*a{99}b",
  "(a|b)(a|b)(a|b)(a|b)c*",
  "[",
  "(?i:a)",
])("a pattern that could take for ever, or is none, cannot be an extractor: %s", (pattern) => {
  expect(code({ ...natural, extractor: { kind: "regex", pattern } })).toBe("bad-terms");
});

test.each(["(.+)$", "^\\s*([^\\n]{1,99})", "\\(([A-P])\\)", "[*+]{2}(a)", "\\p{Script=Han}+", "(?:a|b)c?"])(
  "an ordinary pattern can: %s",
  (pattern) => {
    expect(code({ ...natural, extractor: { kind: "regex", pattern } })).toBe(null);
  },
);

test("the day of the deadline counts to its end, UTC", () => {
  expect(new Date(deadlineEnds({ deadline: "2027-12-31" })).toISOString()).toBe("2028-01-01T00:00:00.000Z");
});

test("an item's prompt goes into the template as it is", () => {
  expect(promptFor({ prompt: "Say: {prompt}!" }, { prompt: "$& {prompt} $1" })).toBe("Say: $& {prompt} $1!");
  expect(promptFor({ prompt: "Read this." }, {})).toBe("Read this.");
});

test("items have to be those which the terms describe", () => {
  const options = Array.from({ length: 16 }, (_, at) => `o${at}`);
  const items = Array.from({ length: 24 }, (_, at) => ({ id: `i${at}`, prompt: "p", options }));
  const check = (given: typeof items, changes: object = {}) =>
    canaryCodeOf(() => requireItemsOfTerms(given, { ...terms, ...changes } as CanaryTerms));
  expect(check(items)).toBe(null);
  expect(check(items.slice(1))).toBe("terms-mismatch");
  expect(check(items, { options: 17 })).toBe("terms-mismatch");
  expect(check(items, { prompt: "no place for it" })).toBe("terms-mismatch");
  expect(check(items, { kind: "natural" })).toBe("bad-item");
  expect(check(items, { kind: "generator" })).toBe("terms-mismatch");
  // 16⁻⁴ is above 1e-6, 16⁻⁵ below.
  expect(check(items.slice(0, 4), { items: 4 })).toBe("terms-mismatch");
  expect(check(items.slice(0, 5), { items: 5 })).toBe(null);
});
