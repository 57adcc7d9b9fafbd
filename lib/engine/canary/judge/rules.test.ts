import { describe, expect, test } from "vitest";
import { labelInput, named, reference, wholeBlock } from "@/tests/support/canary-input";
import { ocrInput, ocrReference } from "@/tests/support/ocr-answers";
import { Items, reading } from "../../../../tests/null/canary-models";
import { canaryResultSchema, explain, type JudgeInput, judge } from ".";

const codes = (reasons: readonly { readonly code: string }[]) => reasons.map(({ code }) => code);
const words = (coded: Int32Array) =>
  Array.from(coded, (code, index) => ({ id: `g${index}`, answer: `w${code}` }));

/** A generator set of one trade; the suspect is what `suspect` makes of the original and a base. */
function generated(
  suspect: (items: Items, original: Int32Array, base: Int32Array) => Int32Array,
  options: { readonly references: number; readonly matched?: number; readonly sharedBase?: number },
  change: Partial<JudgeInput> = {},
): JudgeInput {
  const items = new Items({ ...reading, items: 250 }, 5);
  const base = items.model();
  const original = items.model(base, options.sharedBase ?? 0);
  const other = suspect(items, original, base);
  const references = [
    ...Array.from({ length: options.references }, (_, k) => reference(`R${k}`, words(items.model()))),
    ...Array.from({ length: options.matched ?? 0 }, (_, k) => ({
      ...reference(`M${k}`, words(items.model(base, options.sharedBase ?? 0))),
      origin: { base: "B" },
    })),
  ];
  const input = labelInput(16, 16, 0);
  return {
    ...input,
    terms: {
      ...input.terms,
      kind: "generator",
      items: 250,
      options: null,
      primary: "robust",
      threshold: "0.01",
      generator: wholeBlock,
    },
    items: Array.from({ length: 250 }, (_, index) => ({
      index,
      item: { id: `g${index}`, prompt: "?", answer: "w0" },
    })),
    size: 250,
    original: named("original", "O", words(original)),
    suspect: named("suspect", "S", words(other)),
    references,
    ...change,
  };
}

describe("random labels", () => {
  test("enough hits: not independent, exact, and what that means", () => {
    const result = judge(labelInput(40, 16, 14));
    expect(result).toMatchObject({ says: "not-independent", movesFinding: true, authenticity: "re-run" });
    expect(result.p.secret).toMatchObject({ kind: "exact", assumption: "secret" });
    expect(result.hits).toEqual({ original: 40, suspect: 14, expected: 2.5 });
    expect(codes(result.reasons)).toEqual(["threshold-reached", "flow-of-information"]);
    expect(result.explanation.en).toContain("up to 1 in 1,000,000 innocent models");
    expect(canaryResultSchema.parse(result)).toEqual(result);
  });

  test("few hits: nothing found, which is no proof", () => {
    const result = judge(labelInput(40, 16, 3));
    expect(result).toMatchObject({ says: "nothing-found", movesFinding: false });
    expect(codes(result.reasons)).toContain("nothing-found-is-no-proof");
  });

  test("p below 1e-300 keeps its logarithm", () => {
    const { p, primary } = judge(labelInput(400, 16, 400));
    expect(p.secret?.log10).toBeCloseTo(-400 * Math.log10(16), 6);
    expect(p.secret?.value).toBe(0);
    expect(primary?.reached).toBe(true);
  });

  test("an original that misses its own canaries makes the run void", () => {
    const input = labelInput(40, 16, 40);
    const original = {
      ...input.original,
      answers: input.original.answers.map(({ id }) => ({ id, answer: "label 3" })),
    };
    const result = judge({ ...input, original });
    expect(result).toMatchObject({ says: "void", p: {}, primary: null, movesFinding: false });
  });

  test("unrevealed items are misses among all that were committed", () => {
    const input = labelInput(40, 16, 14);
    const whole = judge(input);
    const part = judge({ ...input, items: input.items.slice(0, 20) });
    expect(part).toMatchObject({ revealed: 20, unrevealed: 20 });
    expect(part.table).toHaveLength(40);
    expect(part.table[20]).toMatchObject({
      index: 20,
      id: "#20",
      truth: null,
      marks: { suspect: "unrevealed" },
    });
    expect(part.p.secret?.log10).toBe(whole.p.secret?.log10);
    expect(codes(part.reasons)).toContain("unrevealed-are-misses");
    const later = judge({ ...input, items: input.items.slice(14) });
    expect(later.hits?.suspect).toBe(0);
    expect(judge({ ...input, items: [] })).toMatchObject({ says: "void", p: {} });
  });

  test("unstable and blank answers, and words that are no label, are misses", () => {
    const input = labelInput(40, 16, 14);
    const spoilt = input.suspect.answers.map((answer, k) =>
      k === 0
        ? { ...answer, unstable: true }
        : k === 1
          ? { ...answer, answer: " 。" }
          : k === 2
            ? { ...answer, answer: "x" }
            : answer,
    );
    const result = judge({ ...input, suspect: { ...input.suspect, answers: spoilt } });
    expect(result.hits?.suspect).toBe(11);
    expect(result.suspect).toMatchObject({ unstable: 1, blank: 1 });
    expect(result.table.slice(0, 3).map(({ marks }) => marks.suspect)).toEqual([
      "unstable",
      "blank",
      "wrong",
    ]);
  });

  test("a reference that knows the targets is left out; with fewer than five the finding waits", () => {
    const input = labelInput(40, 16, 14);
    const leaked = { ...reference("R0", input.original.answers) };
    const result = judge({ ...input, references: [leaked, ...input.references.slice(1)] });
    expect(result.references[0]).toMatchObject({ excluded: "knows-targets", speaks: false });
    expect(result.says).toBe("inconclusive");
    expect(codes(result.reasons)).toContain("too-few-references");
    expect(codes(result.whatWouldHelp)).toContain("help-references");
  });

  test("sets of the namespace, a checkpoint's nonce and other pairs are paid for", () => {
    const input = labelInput(40, 16, 15);
    const one = judge(input).primary?.log10 as number;
    expect(judge({ ...input, setsOfNamespace: 50 }).primary?.log10).toBeCloseTo(one + Math.log10(50), 8);
    const checkpoint = { kind: "log-checkpoint" as const, size: 9, grindBits: 20 };
    const ground = judge({ ...input, terms: { ...input.terms, beacon: checkpoint } });
    expect(ground.primary?.log10).toBeCloseTo(one + 20 * Math.log10(2), 8);
    expect(ground.p.secret).toMatchObject({ kind: "calibrated", assumption: "secret-checkpoint" });
    const tried = [
      { name: "a", log10p: -30 },
      { name: "b", log10p: 0 },
      { name: "c", log10p: -0.2 },
    ];
    expect(judge({ ...input, pairsTried: tried }).primary?.log10).toBeCloseTo(one + Math.log10(3), 8);
  });

  test("labels dealt as a permutation have their own exact null", () => {
    const result = judge({ ...labelInput(16, 16, 5), draw: "permutation" });
    // One label is answered twice and one never: .00346824295 in exact fractions, its logarithm rounded up at the sixth decimal.
    expect(result.p.secret?.value).toBeCloseTo(0.00346824684, 9);
    expect(result.p.secret?.assumption).toBe("secret-permuted");
  });
});

describe("order and authenticity", () => {
  test("out of order: an illustration without any p", () => {
    const result = judge({ ...labelInput(40, 16, 40), order: { ok: false, withheld: ["observed"] } });
    expect(result).toMatchObject({ says: "illustration", p: {}, primary: null, movesFinding: false });
    expect(result.nBothWrong).toBe(0);
    expect(result.explanation.zh).toContain("示例");
  });

  test("an order that nobody checked ends in nothing stronger than inconclusive", () => {
    const result = judge({ ...labelInput(40, 16, 40), order: { ok: null, withheld: [] } });
    expect(result).toMatchObject({ says: "inconclusive", movesFinding: false, primary: { reached: true } });
    expect(codes(result.reasons)).toContain("order-not-checked");
  });

  test.each(["suspect", "original"] as const)(
    "claimed answers of the %s: inconclusive, whatever the p",
    (side) => {
      for (const hits of [40, 3]) {
        const input = labelInput(40, 16, hits);
        const result = judge({ ...input, [side]: { ...input[side], authenticity: "claimed" } });
        expect(result).toMatchObject({ says: "inconclusive", authenticity: "claimed", movesFinding: false });
        expect(result.reasons).toContainEqual({
          code: "claimed-answers",
          facts: { names: [input[side].name] },
        });
        expect(codes(result.reasons)).not.toContain("flow-of-information");
        expect(codes(result.whatWouldHelp)).toContain("help-ask-again");
        // The number stays, with what it rests on beside it.
        expect(result.p.secret?.claimed).toBe(true);
        expect(result.primary?.reached).toBe(hits === 40);
        expect(result.explanation.en).toContain("only if these are the models’ answers");
        expect(result.explanation.zh).toContain("仅当这些确为模型的答案");
      }
    },
  );

  test("where nobody merely claims, no p says so", () => {
    const { p, explanation } = judge(labelInput(40, 16, 40));
    expect(p.secret?.claimed).toBe(false);
    expect(explanation.en).not.toContain("only if these are");
  });

  test("an original that misses its canaries is void, and a broken order an illustration, claimed or not", () => {
    const input = labelInput(40, 16, 40);
    const suspect = { ...input.suspect, authenticity: "claimed" as const };
    const empty = { ...input.original, answers: [] };
    expect(judge({ ...input, suspect, original: empty }).says).toBe("void");
    expect(judge({ ...input, suspect, order: { ok: false, withheld: ["observed"] } }).says).toBe(
      "illustration",
    );
  });

  test("p_robust rests on everybody's answers", () => {
    const input = generated((items, original) => items.copy(original, 0.9), { references: 10 });
    expect(judge(input)).toMatchObject({ says: "not-independent", movesFinding: true });
    const original = { ...input.original, authenticity: "claimed" as const };
    expect(judge({ ...input, original })).toMatchObject({ says: "inconclusive", movesFinding: false });
  });
});

describe("natural and generated items", () => {
  test("a binomial null cannot be chosen", () => {
    const input = ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"]);
    expect(() => judge({ ...input, terms: { ...input.terms, primary: "secret" } })).toThrow(
      /random-label sets only/,
    );
    expect(judge(input).p).not.toHaveProperty("secret");
  });

  test("ten families and a copy: found; the same with five is above what five support", () => {
    const copy = (items: Items, original: Int32Array) => items.copy(original, 0.9);
    const ten = judge(generated(copy, { references: 10 }));
    expect(ten).toMatchObject({ says: "not-independent", primary: { reached: true, floor: 0.01 } });
    const five = judge(generated(copy, { references: 5 }));
    expect(five).toMatchObject({ says: "inconclusive", primary: { reached: true, floor: 0.04 } });
    expect(codes(five.reasons)).toContain("floor-above-threshold");
    expect(five.whatWouldHelp).toContainEqual({ code: "help-families", facts: { have: 5, needs: 10 } });
  });

  test("variants of one model are one voice", () => {
    const input = generated((items, original) => items.copy(original, 0.9), { references: 10 });
    const oneFamily = input.references.map((one) => ({ ...one, family: "F" }));
    const result = judge({ ...input, references: oneFamily });
    expect(result.references.filter(({ speaks }) => speaks)).toHaveLength(1);
    expect(result).toMatchObject({ says: "inconclusive", p: { rank: { references: 1 } } });
    expect(result.p).not.toHaveProperty("robust");
  });

  test("original and suspect share a base that the references lack: no matched references", () => {
    const sibling = (items: Items, _: Int32Array, base: Int32Array) => items.model(base, 0.3);
    const input = generated(sibling, { references: 10, sharedBase: 0.3 }, { declaredShared: { base: "B" } });
    const result = judge(input);
    expect(result).toMatchObject({ says: "inconclusive", primary: null, declaredShared: { base: "B" } });
    expect(result.p).not.toHaveProperty("robust");
    expect(result.reasons[0]).toEqual({
      code: "no-matched-references",
      facts: { have: 0, needs: 5, shared: { base: "B" } },
    });
    expect(codes(result.whatWouldHelp)).toContain("help-matched-references");
    // Nobody declared it, but both state it.
    const stated = judge({
      ...input,
      declaredShared: null,
      original: { ...input.original, origin: { base: "B" } },
      suspect: { ...input.suspect, origin: { base: "B", vendor: "V" } },
    });
    expect(stated.reasons).toEqual(result.reasons);
  });

  test("with matched references the sibling is not found, and a copy still reaches its threshold", () => {
    const shared = { references: 6, matched: 10, sharedBase: 0.3 };
    const declared = { declaredShared: { base: "B" } };
    const sibling = judge(generated((items, _, base) => items.model(base, 0.3), shared, declared));
    expect(sibling.says).toBe("nothing-found");
    const copy = judge(generated((items, original) => items.copy(original, 0.95), shared, declared));
    expect(copy).toMatchObject({ says: "not-independent", p: { robust: { families: 10 } } });
  });

  test("unrevealed items weaken p_robust, whichever they are", () => {
    const input = generated((items, original) => items.copy(original, 0.9), { references: 10 });
    const whole = judge(input).p.robust?.log10 as number;
    const part = judge({ ...input, items: input.items.slice(0, 180) });
    expect(part.p.robust?.log10).toBeGreaterThan(whole);
  });

  test("without a registered threshold nothing is compared; without references nothing is computed", () => {
    const input = ocrInput("best_int", "fast", ["hans", "v400", "tra", "ppocr"]);
    const open = judge({ ...input, terms: { ...input.terms, threshold: null } });
    expect(open).toMatchObject({ says: "inconclusive", primary: { reached: null, threshold: null } });
    const alone = judge({ ...input, references: [] });
    expect(alone).toMatchObject({ says: "inconclusive", p: {}, primary: null });
  });

  test("the same weights twice are one model", () => {
    const input = ocrInput("best_int", "fast", []);
    const pinned = ["v400", "tra"].map((name) => ({ ...ocrReference(name), weights: "a".repeat(64) }));
    const result = judge({ ...input, references: [...pinned, ocrReference("ppocr")] });
    expect(result.references[1]).toMatchObject({ excluded: "same-weights", excludedBy: "v400" });
  });
});

describe("input that contradicts itself", () => {
  const input = labelInput(40, 16, 14);
  const doubled = [...input.suspect.answers, { id: "c3", answer: "label 1" }];
  const stranger = [...input.suspect.answers, { id: "who", answer: "label 1" }];
  test.each<[string, Partial<JudgeInput>, string]>([
    ["an id answered twice", { suspect: { ...input.suspect, answers: doubled } }, "duplicate-answer"],
    ["an unknown item", { suspect: { ...input.suspect, answers: stranger } }, "unknown-item"],
    ["another normaliser", { terms: { ...input.terms, normaliser: "n2" } }, "unknown-normaliser"],
    ["another size", { size: 41 }, "terms-mismatch"],
    ["two sets of one name", { suspect: { ...input.suspect, name: "O" } }, "bad-answers"],
    ["no target", { items: input.items.map(({ index, item }) => ({ index, item })) }, "terms-mismatch"],
    ["p_robust on labels", { terms: { ...input.terms, primary: "robust" } }, "bad-terms"],
    ["an item twice", { items: [...input.items.slice(1), ...input.items.slice(1, 2)] }, "bad-opening"],
    [
      "more references than can be judged",
      { references: Array.from({ length: 201 }, (_, k) => reference(`R${k}`, [])) },
      "too-large",
    ],
    ["sets counted from 0", { setsOfNamespace: 0 }, "bad-terms"],
  ])("%s", (_, change, code) => {
    expect(() => judge({ ...input, ...change })).toThrow(expect.objectContaining({ code }));
  });

  test("answers to unrevealed items are passed over, as many as there are such items", () => {
    expect(judge({ ...input, items: input.items.slice(2) }).suspect.wrong).toBeGreaterThan(0);
    const two = { ...input, items: input.items.slice(2), suspect: { ...input.suspect, answers: stranger } };
    expect(() => judge(two)).toThrow(/one more than/);
  });
});

test("Traditional for Simplified is another answer, and the same in the second row", () => {
  const input = ocrInput("best_int", "fast", [], { answersAre: "raw" });
  const answers = (text: string) => input.items.map(({ item }) => ({ id: item.id, answer: text }));
  const result = judge({
    ...input,
    terms: { ...input.terms, fold: "simplified" },
    original: { ...input.original, answers: answers("竹簡") },
    suspect: { ...input.suspect, answers: answers("竹简") },
  });
  expect(result.rows.map(({ row, nBothWrong, sameWrong }) => [row, nBothWrong, sameWrong])).toEqual([
    ["n1", 400, 0],
    ["nfc", 400, 0],
    ["simplified", 400, 400],
  ]);
  expect(result.editDistance).toBe(0.5);
});

test("every code has its sentence in both languages", () => {
  const results = [
    judge(labelInput(40, 16, 14)),
    judge({ ...labelInput(40, 16, 40), order: { ok: false, withheld: ["observed"] } }),
    judge(ocrInput("best_int", "hans", ["v400", "tra", "ppocr", "fast"])),
    judge({ ...labelInput(40, 16, 3), setsOfNamespace: 3, pairsTried: [{ name: "x", log10p: -1 }] }),
  ];
  for (const result of results) {
    const text = explain(result);
    expect(text.en).not.toMatch(/[a-z]-[a-z]+\.( |$)|\?[ .]/);
    for (const words of [text.en, text.zh])
      expect(words).not.toMatch(/undefined|stolen|plagiar|probability that it is/i);
  }
});
