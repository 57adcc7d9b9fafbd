import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { labelInput, named, reference, wholeBlock } from "@/tests/support/canary-input";
import { Items, reading } from "../../../../tests/null/canary-models";
import { type JudgeInput, judge, type ReferenceSet } from ".";

// Not a deadline: a busy machine needs longer.
vi.setConfig({ testTimeout: 300_000 });

const size = 120;
const words = (coded: Int32Array) =>
  Array.from(coded, (code, index) => ({ id: `g${index}`, answer: `w${code}` }));

/** A plain copy before unrelated references, in order, of everybody re-run: whatever can be found is found here. */
function copied(seed: number, references: number, primary: "robust" | "rank"): JudgeInput {
  const items = new Items({ ...reading, items: size }, seed);
  const original = items.model();
  const label = labelInput(16, 16, 0);
  return {
    ...label,
    terms: {
      ...label.terms,
      kind: "generator",
      items: size,
      options: null,
      primary,
      threshold: "0.05",
      generator: wholeBlock,
    },
    items: Array.from({ length: size }, (_, index) => ({
      index,
      item: { id: `g${index}`, prompt: "?", answer: "w0" },
    })),
    size,
    original: named("original", "O", words(original)),
    suspect: named("suspect", "S", words(items.copy(original, 0.97))),
    references: Array.from({ length: references }, (_, k) => reference(`R${k}`, words(items.model()))),
  };
}

const each =
  (of: (one: ReferenceSet, at: number) => Partial<ReferenceSet>) =>
  (input: JudgeInput): JudgeInput => ({
    ...input,
    references: input.references.map((one, at) => ({ ...one, ...of(one, at) })),
  });
const claimedSide = (side: "original" | "suspect") => (input: JudgeInput) => ({
  ...input,
  [side]: { ...input[side], authenticity: "claimed" as const },
});

/** Each of these, whatever else holds, keeps a judgement from saying "not-independent". */
const bars: Readonly<Record<string, (input: JudgeInput) => JudgeInput>> = {
  "the suspect's answers are claimed": claimedSide("suspect"),
  "the original's answers are claimed": claimedSide("original"),
  // A contradicted answer set is claimed (lib/canaries/judge/authenticity.ts); both sides may be.
  "both sides' answers are contradicted": (input) => claimedSide("original")(claimedSide("suspect")(input)),
  "the order was not kept": (input) => ({
    ...input,
    order: { ok: false, withheld: ["observed:not-covered"] },
  }),
  "nobody checked the order": (input) => ({ ...input, order: { ok: null, withheld: [] } }),
  "the items are natural, or references few": (input) =>
    input.terms.kind === "random-label"
      ? { ...input, references: input.references.slice(0, 4) }
      : { ...input, terms: { ...input.terms, kind: "natural" } },
  "the original does not answer": (input) => ({
    ...input,
    original: { ...input.original, answers: input.original.answers.slice(0, 3) },
  }),
  "nothing is revealed": (input) => ({ ...input, items: [] }),
  "no threshold was registered": (input) => ({ ...input, terms: { ...input.terms, threshold: null } }),
  "the panel came after the reveal": each(() => ({ beforeReveal: false })),
  "the panel is claimed": (input) => ({
    ...each(() => ({ authenticity: "claimed" }))(input),
    order: input.order.ok === null ? { ok: true, withheld: [] } : input.order,
  }),
  "the panel is one family by its text": each(() => ({ family: "F" })),
  "the panel is not the one that was named": (input) => ({
    ...input,
    terms: { ...input.terms, references: ["Nobody asked", "Nor this one"] },
  }),
  "the alphabet is a list, or the threshold out of reach of the panel": (input) =>
    input.terms.kind === "random-label"
      ? { ...input, references: [] }
      : {
          ...input,
          terms: {
            ...input.terms,
            generator: { ...wholeBlock, parameters: { ...wholeBlock.parameters, characters: "𠀀" } },
          },
        },
};

/** What may hold besides: it makes nothing a finding that is barred. */
const circumstances: Readonly<Record<string, (input: JudgeInput) => JudgeInput>> = {
  nothing: (input) => input,
  "two collectors": (input) => ({
    ...input,
    suspect: {
      ...input.suspect,
      authenticity: input.suspect.authenticity === "claimed" ? "claimed" : "two-collectors",
    },
  }),
  "an unmatched common base": (input) => ({ ...input, declaredShared: { base: "B" } }),
  "the reference set twice": (input) => ({
    ...input,
    references: [
      ...input.references,
      ...input.references.map((one) => ({ ...one, name: `${one.name} again` })),
    ],
  }),
  "strangers' claims": (input) => ({
    ...input,
    references: [...input.references, { ...reference("X", input.suspect.answers), authenticity: "claimed" }],
  }),
  "items unrevealed": (input) => ({ ...input, items: input.items.slice(3) }),
};

const inputs = fc.oneof(
  fc
    .record({
      seed: fc.nat(50),
      references: fc.integer({ min: 5, max: 24 }),
      primary: fc.constantFrom("robust" as const, "rank" as const),
    })
    .map(({ seed, references, primary }) => copied(seed, references, primary)),
  fc
    .record({ items: fc.integer({ min: 12, max: 60 }), options: fc.integer({ min: 16, max: 64 }) })
    .map(({ items, options }) => labelInput(items, options, items)),
);

test("what none of these bars is found: the bars below are the only reason why the others are not", () => {
  expect(judge(copied(1, 24, "robust")).says).toBe("not-independent");
  expect(judge(copied(1, 24, "rank")).says).toBe("not-independent");
  expect(judge(labelInput(12, 16, 12)).says).toBe("not-independent");
});

test.each(Object.entries(bars))("%s: never not-independent, whatever else holds", (_, bar) => {
  fc.assert(
    fc.property(
      inputs,
      fc.subarray(Object.values(circumstances)),
      fc.subarray(Object.values(bars), { maxLength: 2 }),
      (input, around, others) => {
        const barred = bar([...around, ...others].reduce((given, change) => change(given), input));
        const { says, movesFinding, reasons } = judge(barred);
        expect({ says, movesFinding }).not.toMatchObject({ says: "not-independent" });
        expect(movesFinding).toBe(false);
        expect(reasons.map(({ code }) => code)).not.toContain("flow-of-information");
      },
    ),
    { numRuns: 25, seed: 20261127 },
  );
});

test("a panel whose floor is above the threshold finds nothing, however many references are of its families", () => {
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.integer({ min: 5, max: 9 }),
      fc.integer({ min: 10, max: 20 }),
      (seed, families, references) => {
        const input = copied(seed, references, "robust");
        const grouped = each((_, at) => ({ family: `F${at % families}` }))(input);
        const { says, primary } = judge({ ...grouped, terms: { ...grouped.terms, threshold: "0.01" } });
        expect(says).not.toBe("not-independent");
        expect(primary === null || (primary.floor as number) > 0.01).toBe(true);
      },
    ),
    { numRuns: 30, seed: 20261127 },
  );
});

test("references that come later lower no p, whichever they are", () => {
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.integer({ min: 5, max: 10 }),
      fc.constantFrom("robust" as const, "rank" as const),
      (seed, early, primary) => {
        const input = copied(seed, early + 6, primary);
        const alone = judge({ ...input, references: input.references.slice(0, early) }).primary;
        const later = judge(each((_, at) => ({ beforeReveal: at < early }))(input)).primary;
        expect(later === null || later.log10 >= (alone?.log10 as number) - 1e-9).toBe(true);
      },
    ),
    { numRuns: 30, seed: 20261127 },
  );
});
