import { describe, expect, it } from "vitest";
import { foundingFacts, foundingPair } from "../../tests/fixtures/founding-pair";
import { compare } from "./compare";
import type { ResultDocument } from "./result/document";

const parameters = {
  methods: ["identity", "architecture", "tokenizer", "lineage"],
  nonce: "",
  screened: 1,
  level: 1 as const,
};

async function result(swapped = false): Promise<ResultDocument> {
  const { original, suspect, base } = foundingPair();
  const sides = swapped ? { original: suspect, suspect: original } : { original, suspect };
  return (await compare({ ...sides, ancestors: [base], controls: [] }, parameters)).result;
}

function facts(document: ResultDocument, method: string, code: string): unknown[] {
  const reasons = document.methods.find((found) => found.method === method)?.reasons ?? [];
  return reasons.filter((reason) => reason.code === code).map((reason) => reason.facts);
}

describe("the founding case's metadata", () => {
  it("knows that tokenizer.json is the same file without reading it", async () => {
    const document = await result();
    expect(facts(document, "identity", "same-bytes")).toEqual([
      expect.objectContaining({
        original: "tokenizer.json",
        suspect: "llama3v/tokenizer.json",
        by: "git-blob",
      }),
    ]);
    expect(facts(document, "tokenizer", "same-tokenizer-file")).toHaveLength(1);
    expect(document.ranges.filter(({ path }) => path.endsWith("tokenizer.json"))).toEqual([]);
  });

  it("sees that tokenizer_config.json was only reformatted", async () => {
    expect(facts(await result(), "identity", "same-content-reformatted")).toEqual([
      expect.objectContaining({
        original: "tokenizer_config.json",
        suspect: "llama3v/tokenizer_config.json",
      }),
    ]);
  });

  it("finds the redefined ids, all of them shared", async () => {
    const ids = [...foundingFacts.redefinedIds];
    expect(facts(await result(), "tokenizer", "redefined-tokens-shared")).toEqual([
      { original: 13, suspect: 13, shared: 13, ids },
    ]);
  });

  it("finds the leftover name", async () => {
    expect(facts(await result(), "architecture", "leftover-name")).toEqual([
      {
        side: "suspect",
        file: "llama3v/tokenizer_config.json",
        pointer: "/auto_map/AutoTokenizer/0",
        value: foundingFacts.leftoverName,
        names: "modeling_minicpmv.py",
      },
    ]);
  });

  it("pairs all names under two renames", async () => {
    const document = await result();
    expect(document.methods.find(({ method }) => method === "architecture")?.says).toBe("same-structure");
    expect(facts(document, "architecture", "names-correspond")).toEqual([
      expect.objectContaining({ original: 741, suspect: 741, paired: 741 }),
    ]);
    expect(facts(document, "architecture", "renamed")).toEqual([
      { original: "vpm", suspect: "vison", kind: "word", tensors: 437 },
      { original: "resampler", suspect: "projection", kind: "word", tensors: 13 },
    ]);
    expect(facts(document, "architecture", "unchanged-names")).toEqual([
      { tensors: 291, prefixes: [{ prefix: "llm", tensors: 291 }] },
    ]);
    expect(facts(document, "architecture", "shapes-unknown")).toHaveLength(1);
  });

  it("finds the leftover figure and the shards", async () => {
    const document = await result();
    expect(facts(document, "architecture", "leftover-figure")).toEqual([
      {
        stated: 34_148_369_344,
        listed: { original: 17_074_270_976, suspect: null },
        shards: { original: 7, suspect: 3 },
      },
    ]);
    expect(facts(document, "architecture", "shards-differ")).toEqual([{ original: 7, suspect: 3 }]);
  });

  it("lists the real edits of config.json and invents no rename", async () => {
    const document = await result();
    expect(facts(document, "architecture", "config-compared")).toEqual([
      expect.objectContaining({
        keys: { original: 34, suspect: 29 },
        equal: 25,
        differ: [...foundingFacts.differentKeys],
        onlySuspect: [],
      }),
    ]);
    expect(facts(document, "architecture", "no-config-key-renamed")).toHaveLength(1);
  });

  it("sets the base's ordinary keys apart", async () => {
    const shared = Object.entries(foundingFacts.ownKeys).map(([key, value]) => ({ key, value }));
    expect(facts(await result(), "architecture", "config-beyond-ancestors")).toEqual([
      expect.objectContaining({
        ordinary: { original: 23, suspect: 22 },
        own: { original: 11, suspect: 7 },
        shared,
      }),
    ]);
  });

  it("says honestly that the cards cannot be read", async () => {
    const document = await result();
    expect(facts(document, "lineage", "card-unreadable")).toHaveLength(2);
    expect(document.methods.find(({ method }) => method === "lineage")?.says).toBe("inconclusive");
  });

  it("ends inconclusive whatever the resemblance, because no weight was read", async () => {
    const { summary } = await result();
    expect(summary).toMatchObject({
      relation: "inconclusive",
      notIndependent: null,
      closest: "unknown",
      transformations: ["renamed", "resharded"],
      renameMap: foundingFacts.renames,
      noiseSigma: null,
      alpha: null,
    });
    expect(summary.groups.map(({ group, tensors }) => [group, tensors])).toEqual([
      ["vision-tower", 437],
      ["projector", 13],
      ["embeddings", 1],
      ["head", 1],
      ["language-model", 289],
    ]);
  });

  it("does not depend on the order of the sides, but for the rename map", async () => {
    const [there, back] = [(await result()).summary, (await result(true)).summary];
    expect(back).toEqual({ ...there, renameMap: { vison: "vpm", projection: "resampler" } });
  });
});
