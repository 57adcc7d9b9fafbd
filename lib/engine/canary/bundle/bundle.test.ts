import { beforeAll, describe, expect, it } from "vitest";
import { commitItems } from "../commitment";
import { itemBytes } from "../items";
import { judge } from "../judge";
import { formatAnswers } from "../transcript";
import { inputOfBundle, parseBundle } from ".";
import { payloadSha256 } from "./payload";
import type { BundledAnswers, CanaryBundle } from "./schema";

const setId = "ab".repeat(16);
const authorKeyId = "cd".repeat(32);
const salt = "5a".repeat(32);
const items = Array.from({ length: 12 }, (_, at) => ({
  id: `i${at}`,
  prompt: `?${at}`,
  answer: `truth ${at}`,
}));
const answers = (name: string, answer: (at: number) => string): BundledAnswers => {
  const text = formatAnswers(items.map(({ id }, at) => ({ id, answer: answer(at) })));
  return {
    id: null,
    name,
    family: name,
    origin: {},
    weights: null,
    authenticity: "re-run",
    authenticityReasons: ["re-run"],
    transcript: null,
    answers: text,
    logged: { salt, sha256: payloadSha256(salt, text) },
  };
};
let bundle: CanaryBundle;

beforeAll(async () => {
  const { root, openItem } = await commitItems({
    seed: "11".repeat(32),
    setId,
    authorKeyId,
    items: items.map(itemBytes),
  });
  bundle = {
    schema: "slipmark.canary-bundle/v1",
    set: { setId, root, authorKeyId, size: items.length },
    terms: {
      schema: "slipmark.canary-terms/v1",
      kind: "natural",
      items: items.length,
      options: null,
      primary: "robust",
      threshold: "0.01",
      normaliser: "n1",
      fold: "none",
      prompt: "{prompt}",
      extractor: { kind: "whole" },
      repeats: 3,
      references: [],
      needsReferences: 5,
      deadline: "2027-01-31",
      beacon: { kind: "none" },
    },
    beacon: null,
    openings: items.map((_, at) => openItem(at)) as CanaryBundle["openings"],
    original: answers("original", (at) => `error ${at}`),
    suspect: answers("suspect", (at) => `error ${at}`),
    references: [1, 2, 3, 4, 5].map((of) => ({
      ...answers(`reference ${of}`, (at) => `error ${of} ${at}`),
      kin: [],
      beforeReveal: true,
    })),
    leftOut: [],
    declaredShared: null,
    order: { ok: true, withheld: [] },
    setsOfNamespace: 1,
    pairsTried: [],
    result: null,
  };
});

const read = (changed: CanaryBundle) => inputOfBundle(parseBundle(Buffer.from(JSON.stringify(changed))));

describe("a bundle", () => {
  it("gives the judge's input, and the same digest each time", () => {
    const input = read(bundle);
    expect(input.items.map(({ item }) => item.id)).toEqual(items.map(({ id }) => id));
    expect(judge(input)).toMatchObject({ nBothWrong: 12, sameWrong: 12 });
    expect(judge(read(bundle)).digest).toBe(judge(input).digest);
  });

  it("holds only revealed items; the others are missed", () => {
    const part = { ...bundle, openings: bundle.openings.slice(0, 5) };
    expect(judge(read(part))).toMatchObject({ revealed: 5, unrevealed: 7 });
  });

  it.each([
    [
      "an opening of another item",
      () => ({ openings: bundle.openings.map((one) => ({ ...one, item: '{"id":"x"}' })) }),
    ],
    ["an item opened twice", () => ({ openings: [...bundle.openings, bundle.openings[0]] })],
    ["another author's key", () => ({ set: { ...bundle.set, authorKeyId: "ce".repeat(32) } })],
    ["no author's key", () => ({ set: { ...bundle.set, authorKeyId: null } })],
    ["another size", () => ({ set: { ...bundle.set, size: 13 } })],
    [
      "answers that were changed",
      () => ({
        suspect: { ...bundle.suspect, answers: bundle.original.answers.replace("error 3", "error") },
      }),
    ],
    [
      "a nonce that no beacon was named for",
      () => ({ beacon: { kind: "log-checkpoint", size: 4, root: "ee".repeat(32) } }),
    ],
    ["terms with a field nobody declared", () => ({ terms: { ...(bundle.terms as object), note: "x" } })],
    ["a field nobody declared", () => ({ note: "x" })],
  ])("with %s is refused", (_, change) => {
    expect(() => read({ ...bundle, ...change() } as unknown as CanaryBundle)).toThrow(
      expect.objectContaining({ name: "CanaryError" }),
    );
  });

  it("writes the digest of answers as the log does", () => {
    // As in lib/ledger/payload.test.ts, where the same vector was computed with coreutils.
    const counted = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, "0")).join("");
    expect(payloadSha256(counted, "竹简 bamboo slip\n")).toBe(
      "92dc10d11ab0c3e5a51ecb01169b2ff7aec8c6ba1ad110751da9e0e4aaa03efe",
    );
  });
});
