import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AnswerSet, JudgeInput, ReferenceSet } from "@/lib/engine/canary/judge";

interface OcrAnswers {
  readonly key: readonly string[];
  readonly models: Readonly<Record<string, readonly string[]>>;
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../fixtures/canary/${name}`, import.meta.url)), "utf8"));

/** Six real OCR models over 400 characters, with the truth. */
export const ocr = fixture("ocr-answers.json") as OcrAnswers;

/** Worked examples with expected values that others computed. */
export const worked = (fixture("canary-examples.json") as { examples: readonly { id: string }[] }).examples;

export function ocrSet(role: "original" | "suspect", name: string): AnswerSet {
  return {
    role,
    name,
    weights: null,
    authenticity: "re-run",
    transcript: null,
    answers: (ocr.models[name] ?? []).map((answer, index) => ({ id: String(index), answer })),
  };
}

export function ocrReference(name: string): ReferenceSet {
  return { ...ocrSet("original", name), role: "reference", family: name, beforeReveal: true };
}

/** The real answers as a natural set with p_robust ≤ .01 registered; as the file has them, unless told otherwise. */
export function ocrInput(
  original: string,
  suspect: string,
  references: readonly string[],
  change: Partial<JudgeInput> = {},
): JudgeInput {
  return {
    terms: {
      kind: "natural",
      items: ocr.key.length,
      options: null,
      primary: "robust",
      threshold: "0.01",
      normaliser: "n1",
      fold: "none",
      needsReferences: 5,
      beacon: { kind: "none" },
    },
    nonce: null,
    items: ocr.key.map((answer, index) => ({
      index,
      item: { id: String(index), prompt: "?", answer },
    })),
    size: ocr.key.length,
    original: ocrSet("original", original),
    suspect: ocrSet("suspect", suspect),
    references: references.map(ocrReference),
    declaredShared: null,
    order: { ok: true, withheld: [] },
    setsOfNamespace: 1,
    pairsTried: [],
    answersAre: "given",
    ...change,
  };
}
