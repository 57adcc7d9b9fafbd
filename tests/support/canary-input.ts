import type { Generator } from "@/lib/engine/canary/generator";
import type { AnswerSet, JudgedItem, JudgeInput, ReferenceSet } from "@/lib/engine/canary/judge";
import { choice, Items } from "../null/canary-models";

/** The largest block of Han characters: nobody's choice. */
export const wholeBlock: Generator = {
  program: "rare-han/v1",
  parameters: { from: 0x20000, to: 0x2a6df },
};

const hex = (byte: string) => byte.repeat(32);

/** A committed random-label set: item k has `options` labels and the label k mod options was drawn for it. */
export function labelInput(
  size: number,
  options: number,
  suspectHits: number,
  change: Partial<JudgeInput> = {},
): JudgeInput {
  const labels = Array.from({ length: options }, (_, k) => `label ${k}`);
  const items: JudgedItem[] = Array.from({ length: size }, (_, index) => ({
    index,
    item: { id: `c${index}`, prompt: `<<${index}>>`, options: labels },
    target: index % options,
  }));
  const answering = (hits: number, miss: number) =>
    items.map(({ item, index }) => ({
      id: item.id,
      answer: labels[(index + (index < hits ? 0 : miss)) % options] as string,
    }));
  return {
    terms: {
      kind: "random-label",
      items: size,
      options,
      primary: "secret",
      threshold: "0.000001",
      normaliser: "n1",
      fold: "none",
      needsReferences: 5,
      beacon: {
        kind: "drand",
        chain: hex("11"),
        publicKey: "22".repeat(96),
        scheme: "bls-unchained-g1-rfc9380",
        genesisTime: 1_692_803_367,
        period: 3,
        round: 1,
      },
    },
    nonce: hex("33"),
    items,
    size,
    original: named("original", "O", answering(size, 1)),
    suspect: named("suspect", "S", answering(suspectHits, 1)),
    references: Array.from({ length: 5 }, (_, k) => reference(`R${k}`, answering(k % 2, 2 + k))),
    declaredShared: null,
    order: { ok: true, withheld: [] },
    setsOfNamespace: 1,
    pairsTried: [],
    ...change,
  };
}

/** Generator items with many references, as a panel of unrelated models of one trade answers them; the suspect is a copy. */
export function largeInput(size: number, references: number): JudgeInput {
  const trade = new Items({ ...choice, items: size }, 7);
  const original = trade.model();
  const words = (coded: Int32Array) =>
    Array.from(coded, (code, index) => ({ id: `g${index}`, answer: `答 ${code}` }));
  return {
    ...labelInput(16, 16, 0),
    terms: {
      ...labelInput(16, 16, 0).terms,
      kind: "generator",
      items: size,
      options: null,
      primary: "robust",
      threshold: "0.01",
      fold: "simplified",
      generator: wholeBlock,
    },
    items: Array.from({ length: size }, (_, index) => ({
      index,
      item: { id: `g${index}`, prompt: "?", answer: "答 0" },
    })),
    size,
    original: named("original", "O", words(original)),
    suspect: named("suspect", "S", words(trade.copy(original, 0.9))),
    references: Array.from({ length: references }, (_, k) => reference(`R${k}`, words(trade.model()))),
  };
}

export function named<Role extends "original" | "suspect">(
  role: Role,
  name: string,
  answers: AnswerSet["answers"],
): AnswerSet & { readonly role: Role } {
  return { role, name, weights: null, authenticity: "re-run", transcript: null, answers };
}

export function reference(name: string, answers: AnswerSet["answers"], family = name): ReferenceSet {
  return { ...named("original", name, answers), role: "reference", family, beforeReveal: true };
}
