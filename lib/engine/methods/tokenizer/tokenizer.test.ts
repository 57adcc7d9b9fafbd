import { describe, expect, it } from "vitest";
import { type MemoryFile, memoryRelease } from "../../../../tests/support/memory-release";
import { methodInput } from "../../../../tests/support/method-input";
import { tokenizer } from ".";

const run = (original: MemoryFile[], suspect: MemoryFile[], ...ancestors: MemoryFile[][]) =>
  tokenizer.run(
    methodInput({
      original: memoryRelease(original),
      suspect: memoryRelease(suspect),
      ancestors: ancestors.map((files) => memoryRelease(files)),
      controls: [],
    }),
  );

const bpe = (words: readonly string[], merges: unknown[] = ["a b"], added: object[] = []): MemoryFile[] => [
  {
    path: "tokenizer.json",
    content: {
      pre_tokenizer: { type: "ByteLevel" },
      added_tokens: added,
      model: { type: "BPE", vocab: Object.fromEntries(words.map((word, id) => [word, id])), merges },
    },
  },
];

describe("tokenizer", () => {
  it("compares vocabulary, ids and merges", async () => {
    const outcome = await run(
      bpe(["a", "b", "c", "d"], ["a b", "b c"]),
      bpe(["a", "b", "d", "c"], [["a", "b"]]),
    );
    expect(outcome.says).toBe("largely-same");
    expect(outcome.statistics.vocabulary).toMatchObject({
      known: "read",
      jaccard: 1,
      sameIds: 0.5,
      mergesJaccard: 0.5,
      preTokenizer: "same",
    });
  });

  it("reads a merge as a pair or as a text alike", async () => {
    expect((await run(bpe(["a"], ["a b"]), bpe(["a"], [["a", "b"]]))).says).toBe("same-tokenizer");
  });

  it("reads Unigram, WordPiece, and vocab.json with merges.txt", async () => {
    const unigram = [
      {
        path: "tokenizer.json",
        content: {
          model: {
            type: "Unigram",
            vocab: [
              ["a", -1],
              ["b", -2],
            ],
          },
        },
      },
    ];
    const wordPiece = [
      { path: "tokenizer.json", content: { model: { type: "WordPiece", vocab: { a: 0, b: 1 } } } },
    ];
    const files = [
      { path: "vocab.json", content: { a: 0, b: 1 } },
      { path: "merges.txt", content: "#version: 0.2\na b\n" },
    ];
    for (const [one, other] of [
      [unigram, wordPiece],
      [wordPiece, files],
      [files, unigram],
    ] as const) {
      expect((await run(one, other)).statistics.vocabulary).toMatchObject({ jaccard: 1, sameIds: 1 });
    }
  });

  it("rounds shares to ten digits", async () => {
    const outcome = await run(bpe(["a", "b"]), bpe(["a", "c"]));
    expect(outcome.statistics.vocabulary).toMatchObject({ jaccard: 0.3333333333 });
    expect(outcome.says).toBe("different");
  });

  it("sets apart what each side added or redefined against an ancestor", async () => {
    const added = (...tokens: [number, string][]): MemoryFile[] => [
      {
        path: "added_tokens.json",
        content: Object.fromEntries(tokens.map(([id, content]) => [content, id])),
      },
    ];
    const outcome = await run(
      added([1, "<x>"], [2, "<image>"], [3, "<new>"]),
      added([1, "<x>"], [2, "<image>"], [3, "<other>"]),
      added([1, "<x>"], [2, "<reserved>"]),
    );
    expect(outcome.statistics.ownTokens).toMatchObject({
      redefined: { original: 1, suspect: 1, shared: 1 },
      added: { original: 1, suspect: 1, shared: 0 },
    });
    expect(outcome.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["redefined-tokens-shared", "own-tokens-not-shared"]),
    );
  });

  it("counts moved tokens once", async () => {
    const decoder = (tokens: Record<string, string>): MemoryFile[] => [
      {
        path: "tokenizer_config.json",
        content: {
          added_tokens_decoder: Object.fromEntries(
            Object.entries(tokens).map(([id, content]) => [id, { content }]),
          ),
        },
      },
    ];
    const outcome = await run(decoder({ 1: "a", 2: "b" }), decoder({ 1: "b", 2: "c" }));
    expect(outcome.statistics.addedTokens).toMatchObject({
      same: 0,
      moved: [{ token: "b", original: 2, suspect: 1 }],
      onlyOriginal: 1,
      onlySuspect: 1,
    });
  });

  it("is not testable without vocabularies, and says so", async () => {
    const outcome = await run([], bpe(["a"]));
    expect(outcome.says).toBe("not-testable");
    expect(outcome.reasons.map(({ code }) => code)).toContain("vocabulary-not-available");
  });

  it.each([
    { model: { vocab: { a: -1 } } },
    { model: { vocab: { a: "1" } } },
    { model: { vocab: [1] } },
    { model: { vocab: { a: 0 }, merges: [["a"]] } },
    { model: { vocab: { a: 0 } }, added_tokens: [{ id: 1 }] },
    { model: {} },
    [],
  ])("refuses the broken file %j by name", async (content) => {
    await expect(run([{ path: "tokenizer.json", content }], bpe(["a"]))).rejects.toMatchObject({
      code: "malformed-file",
      detail: { path: "tokenizer.json" },
    });
  });
});
