import { describe, expect, test } from "vitest";
import { labelInput, named, reference, wholeBlock } from "@/tests/support/canary-input";
import { Items, reading } from "../../../../tests/null/canary-models";
import { type JudgeInput, judge, type ReferenceSet } from ".";

const codes = (reasons: readonly { readonly code: string }[]) => reasons.map(({ code }) => code);
const size = 250;
const words = (coded: Int32Array) =>
  Array.from(coded, (code, index) => ({ id: `g${index}`, answer: `w${code}` }));

/** A copy before ten unrelated references: a finding, as long as nobody may have chosen anything. */
function copied(
  change: (input: JudgeInput, items: Items, original: Int32Array) => Partial<JudgeInput> = () => ({}),
) {
  const items = new Items({ ...reading, items: size }, 5);
  const original = items.model();
  const label = labelInput(16, 16, 0);
  const input: JudgeInput = {
    ...label,
    terms: {
      ...label.terms,
      kind: "generator",
      items: size,
      options: null,
      primary: "robust",
      threshold: "0.01",
      generator: wholeBlock,
    },
    items: Array.from({ length: size }, (_, index) => ({
      index,
      item: { id: `g${index}`, prompt: "?", answer: "w0" },
    })),
    size,
    original: named("original", "O", words(original)),
    suspect: named("suspect", "S", words(items.copy(original, 0.9))),
    references: Array.from({ length: 10 }, (_, k) => reference(`R${k}`, words(items.model()))),
  };
  return { ...input, ...change(input, items, original) };
}
const mapped =
  (of: (one: ReferenceSet, at: number) => Partial<ReferenceSet>) =>
  ({ references }: JudgeInput) => ({ references: references.map((one, at) => ({ ...one, ...of(one, at) })) });

test("ten references that were there before the reveal: a finding", () => {
  expect(judge(copied())).toMatchObject({ says: "not-independent", p: { robust: { families: 10 } } });
});

describe("references that are merely claimed", () => {
  const claimed = { authenticity: "claimed" as const };

  test("neither help nor harm: without them everything is the same", () => {
    const input = copied();
    const whole = judge(input);
    const strangers = [
      // One that would speak against a finding, one that has the same weights as a good one, and one that joins families.
      { ...reference("X", input.original.answers), ...claimed },
      { ...(input.references[0] as ReferenceSet), name: "Y", weights: "a".repeat(64), ...claimed },
      { ...reference("Z", input.suspect.answers, "R1"), kin: ["family:r2"], ...claimed },
    ];
    const crowded = judge({ ...input, references: [...strangers, ...input.references] });
    expect(crowded).toMatchObject({ says: whole.says, p: whole.p, primary: whole.primary });
    expect(crowded.references.slice(0, 3).map(({ excluded, speaks }) => [excluded, speaks])).toEqual(
      Array(3).fill(["claimed", false]),
    );
    expect(crowded.explanation.en).toContain("neither help nor harm");
  });

  test("a panel of nothing else is none", () => {
    const result = judge(copied(mapped(() => claimed)));
    expect(result).toMatchObject({ says: "inconclusive", primary: null });
    expect(result.p).toEqual({});
  });

  test("in a local computation, where no answers are known to be anybody's, all are taken at their word", () => {
    const input = copied(mapped(() => claimed));
    const terms = { ...input.terms, references: ["a name that no file has"] };
    const local = judge({ ...input, terms, order: { ok: null, withheld: [] } });
    expect(local).toMatchObject({ says: "inconclusive", p: { robust: { families: 10 } } });
  });
});

describe("a panel that is chosen after the data", () => {
  test("references that were registered after the reveal alone make no p", () => {
    const result = judge(copied(mapped(() => ({ beforeReveal: false }))));
    expect(result).toMatchObject({ says: "inconclusive", primary: null });
    expect(codes(result.reasons)).toContain("references-added-later");
  });

  test("added to five, five more lower no p and support no smaller claim", () => {
    const five = judge(copied(({ references }) => ({ references: references.slice(0, 5) })));
    const later = judge(copied(mapped((_, at) => ({ beforeReveal: at < 5 }))));
    expect(later.primary?.log10).toBeGreaterThanOrEqual(five.primary?.log10 as number);
    expect(later).toMatchObject({ says: "inconclusive", primary: { floor: 0.04 } });
    expect(later.references.map(({ fixed }) => fixed)).toEqual([
      ...Array(5).fill(true),
      ...Array(5).fill(false),
    ]);
    expect(later.reasons).toContainEqual({
      code: "references-added-later",
      facts: { names: ["R5", "R6", "R7", "R8", "R9"] },
    });
  });

  test("one that comes later can still speak for the suspect", () => {
    const input = copied();
    const close = { ...reference("close", input.suspect.answers), beforeReveal: false };
    const { terms } = input;
    const ranked = { ...input, terms: { ...terms, primary: "rank" as const } };
    const before = judge(ranked).p.rank?.value as number;
    expect(judge({ ...ranked, references: [...input.references, close] }).p.rank?.value).toBeGreaterThan(
      before,
    );
  });

  test("what the terms name is the panel; whatever else was asked lowers nothing", () => {
    const names = (count: number) => Array.from({ length: count }, (_, k) => `r${k} `);
    const named = (references: string[]) => (input: JudgeInput) => ({
      terms: { ...input.terms, references },
    });
    expect(judge(copied(named(names(10))))).toMatchObject({ says: "not-independent" });
    const six = judge(copied(named(names(6))));
    expect(six).toMatchObject({ says: "inconclusive", p: { robust: { families: 6 } } });
    expect(six.references.filter(({ fixed }) => fixed)).toHaveLength(6);
  });

  test("a reference that was named and not asked: inconclusive, or the panel could be chosen by leaving some out", () => {
    const names = Array.from({ length: 11 }, (_, k) => `R${k}`);
    const result = judge(copied((input) => ({ terms: { ...input.terms, references: names } })));
    expect(result).toMatchObject({ says: "inconclusive", primary: { reached: true } });
    expect(result.reasons).toContainEqual({ code: "named-references-missing", facts: { names: ["R10"] } });
  });

  test("a name is fixed by the date of its answers, a digest at any time; other weights are not what was named", () => {
    const weights = (at: number) => `${at}`.repeat(64);
    const terms = (input: JudgeInput) => ({
      ...input.terms,
      references: input.references.map((_, at) => `R${at}@sha256:${weights(at)}`),
    });
    const late = (of: (at: number) => string) => (input: JudgeInput) => ({
      terms: terms(input),
      references: input.references.map((one, at) => ({ ...one, weights: of(at), beforeReveal: false })),
    });
    expect(judge(copied(late(weights)))).toMatchObject({ says: "not-independent" });
    const other = judge(copied(late((at) => weights(at === 3 ? 4 : at))));
    expect(other.says).toBe("inconclusive");
    expect(other.reasons).toContainEqual({ code: "named-references-missing", facts: { names: ["R3"] } });
    const mere = judge(
      copied((input) => ({
        terms: { ...input.terms, references: input.references.map(({ name }) => name) },
        references: input.references.map((one) => ({ ...one, beforeReveal: false })),
      })),
    );
    expect(mere.says).toBe("inconclusive");
  });
});

describe("what is one family, whatever is written", () => {
  const spoken = (input: JudgeInput) => judge(input).references.filter(({ speaks }) => speaks).length;

  test.each<[string, Partial<ReferenceSet>]>([
    ["one base", { origin: { base: "B" } }],
    ["one maker", { origin: { vendor: "V" } }],
    ["one base by their cards", { kin: ["base:b"] }],
    ["weights in common", { kin: ["weights:ab"] }],
  ])("%s", (_, common) => {
    expect(spoken(copied(mapped(() => common)))).toBe(1);
    expect(judge(copied(mapped(() => common))).says).toBe("inconclusive");
  });

  test("copies of each other, as their errors show, are one peer of the rank too", () => {
    const input = copied((given, items, _) => {
      const head = items.model();
      const copies = Array.from({ length: 3 }, (__, k) => reference(`C${k}`, words(items.copy(head, 0.98))));
      return { references: [...given.references, ...copies] };
    });
    const result = judge(input);
    expect(
      result.references.slice(10).filter(({ excluded }) => excluded === "copy-of-reference"),
    ).toHaveLength(2);
    expect(result.p.rank?.references).toBe(11);
  });

  test("what original and suspect share parts nobody: there siblings are the question", () => {
    const siblings = copied(mapped((_, at) => ({ origin: { base: "B", vendor: `V${at}` } })));
    expect(spoken({ ...siblings, declaredShared: { base: "C" } })).toBe(1);
    expect(spoken({ ...siblings, declaredShared: { base: "B" } })).toBe(10);
  });

  test("p_secret assumes nothing of how models answer: only stated families count", () => {
    const input = labelInput(40, 16, 14);
    const references = input.references.map((one) => ({ ...one, origin: { vendor: "V" } }));
    expect(judge({ ...input, references }).says).toBe("not-independent");
  });
});

describe("an alphabet that may have been chosen", () => {
  const drawnFrom = (generator: JudgeInput["terms"]["generator"]) =>
    judge(
      copied(({ terms: { generator: _, ...terms } }) => ({
        terms: generator === undefined ? terms : { ...terms, generator },
      })),
    );
  const run = (characters: number) => ({
    program: "rare-han/v1" as const,
    parameters: { from: 0x20000, to: 0x20000 + characters - 1 },
  });
  const listed = Array.from({ length: 20 * size }, (_, k) => String.fromCodePoint(0x20000 + k)).join("");

  test.each([
    [
      "a list, however long",
      { ...run(20 * size), parameters: { ...run(20 * size).parameters, characters: listed } },
      "alphabet-listed",
    ],
    ["a short run", run(20 * size - 1), "alphabet-small"],
    ["nothing that says from what", undefined, "alphabet-unknown"],
  ] as const)("%s: inconclusive", (_, generator, code) => {
    const result = drawnFrom(generator);
    expect(result).toMatchObject({ says: "inconclusive", movesFinding: false, primary: { reached: true } });
    expect(codes(result.reasons)).toContain(code);
    expect(codes(result.whatWouldHelp)).toContain("help-alphabet");
  });

  test("twenty characters an item are enough", () => {
    expect(drawnFrom(run(20 * size)).says).toBe("not-independent");
  });
});
