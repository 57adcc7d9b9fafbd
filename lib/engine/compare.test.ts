import { describe, expect, it } from "vitest";
import { foundingPair } from "../../tests/fixtures/founding-pair";
import { type MemoryFile, memoryRelease } from "../../tests/support/memory-release";
import { safetensorsFile } from "../../tests/support/safetensors-file";
import { canonicalJson, compare, resultDigest, resultDocumentSchema } from ".";

const parameters = {
  methods: ["identity", "architecture", "tokenizer", "lineage"],
  nonce: "",
  screened: 1,
  level: 1 as const,
};
const commit = (digit: string) => digit.repeat(40);
const sides = (original: MemoryFile[], suspect: MemoryFile[], ancestors: MemoryFile[][] = []) => ({
  original: memoryRelease(original, { commit: commit("a") }),
  suspect: memoryRelease(suspect, { commit: commit("b") }),
  ancestors: ancestors.map((files) => memoryRelease(files, { commit: commit("c") })),
  controls: [],
});
const matrix = (name: string, shape: number[], dtype = "F16") => ({
  name,
  dtype,
  shape,
  width: dtype === "F32" ? 4 : 2,
});
const model = (tensors: ReturnType<typeof matrix>[], fill = 1) => ({
  path: "model.safetensors",
  content: safetensorsFile(tensors, fill),
});

describe("compare", () => {
  it("gives the same digest again, whatever the order in which methods were named", async () => {
    const run = (methods: string[]) => {
      const { original, suspect, base } = foundingPair();
      return compare({ original, suspect, ancestors: [base], controls: [] }, { ...parameters, methods });
    };
    const first = (await run(parameters.methods)).result;
    const again = (await run([...parameters.methods].reverse())).result;
    expect(again).toEqual(first);
    expect(resultDigest(first)).toBe(first.digest);
  });

  it("does not list a configuration made of keys without end", async () => {
    const config = (key: (index: number) => string, count: number) => [
      {
        path: "config.json",
        content: JSON.stringify(
          Object.fromEntries(Array.from({ length: count }, (_, index) => [key(index), 1])),
        ),
      },
    ];
    const many = await compare(
      sides(
        config((index) => `a${index}`, 50_000),
        config((index) => `${index}b`, 50_000),
      ),
      parameters,
    );
    expect(canonicalJson(many.result).length).toBeLessThan(20_000);
    expect(JSON.stringify(many.result)).toContain("config-not-available");
    const long = await compare(
      sides(
        config(() => "k".repeat(1_000_000), 1),
        config(() => "l".repeat(1_000_000), 1),
      ),
      parameters,
    );
    expect(canonicalJson(long.result).length).toBeLessThan(20_000);
  });

  it("keeps host, sentences, build and dates out of the digest, and facts in", async () => {
    const { original, suspect, base } = foundingPair();
    const input = { original, suspect, ancestors: [base], controls: [] };
    const { result } = await compare(input, parameters);
    const elsewhere = await compare(
      {
        ...input,
        original: { ...original, release: { ...original.release, kind: "folder", repository: null } },
      },
      parameters,
      { build: "f".repeat(64) },
    );
    expect(elsewhere.result.digest).toBe(result.digest);
    const dates = { original: { at: "2024-05-26", source: "observed" }, suspect: null };
    const dated = { ...result, summary: { ...result.summary, dates, text: { en: "", zh: "" } } };
    expect(resultDigest(dated)).toBe(result.digest);
    const changed = { ...result, summary: { ...result.summary, relation: "derived" as const } };
    expect(resultDigest(changed)).not.toBe(result.digest);
    expect((await compare(input, { ...parameters, nonce: "00" })).result.digest).not.toBe(result.digest);
  });

  it("calls releases with equal weight files identical", async () => {
    const { result } = await compare(
      sides([model([matrix("w", [4, 4])])], [model([matrix("w", [4, 4])])]),
      parameters,
    );
    expect(result.summary).toMatchObject({
      relation: "identical",
      notIndependent: true,
      closest: "original",
      cannotExclude: ["shared-base"],
    });
  });

  it("says when the identical weights are an ancestor's", async () => {
    const files = [model([matrix("w", [4, 4])])];
    const { result } = await compare(sides(files, files, [files]), parameters);
    expect(result.summary).toMatchObject({
      relation: "identical",
      closest: "ancestor",
      cannotExclude: ["shared-base"],
    });
  });

  it("stays inconclusive about equal structures with other weights", async () => {
    const { result } = await compare(
      sides([model([matrix("a.w", [4, 4])])], [model([matrix("a.w", [4, 4])], 2)]),
      parameters,
    );
    expect(result.summary).toMatchObject({ relation: "inconclusive", notIndependent: null });
    expect(result.methods[1]).toMatchObject({ says: "same-structure" });
  });

  it("calls structures without one common matrix shape incomparable", async () => {
    const { result } = await compare(
      sides([model([matrix("a.w", [4, 4])])], [model([matrix("conv.k", [3, 5])])]),
      parameters,
    );
    expect(result.summary).toMatchObject({ relation: "incomparable", notIndependent: null });
  });

  it("establishes recast, reordered and vocabulary-changed from headers", async () => {
    const original = [
      matrix("model.embed_tokens.weight", [8, 4]),
      matrix("model.layers.0.w", [4, 4]),
      matrix("model.norm.w", [4, 4]),
    ];
    const suspect = [
      matrix("model.norm.w", [4, 4]),
      matrix("model.layers.0.w", [4, 4], "F32"),
      matrix("model.embed_tokens.weight", [9, 4]),
    ];
    const { result } = await compare(sides([model(original)], [model(suspect)]), parameters);
    expect(result.summary.transformations).toEqual(["reordered", "recast", "vocabulary-changed"]);
  });

  it("works without any weights or metadata", async () => {
    const { result } = await compare(
      sides([{ path: "a", content: "1" }], [{ path: "b", content: "2" }]),
      parameters,
    );
    expect(result.summary.relation).toBe("inconclusive");
    expect(result.methods.map(({ says }) => says)).toEqual([
      "nothing-same",
      "not-testable",
      "not-testable",
      "inconclusive",
    ]);
  });

  it("gives a digest that survives being read back, whatever keys a stranger chose", async () => {
    const config = (name: string) => ({
      path: "config.json",
      content: `{"__proto__":{"a":1},"constructor":7,"${name}":{"__proto__":[1,2],"x":"a value of its own"}}`,
    });
    const { result } = await compare(
      sides(
        [model([matrix("__proto__.w", [4, 4]), matrix("__proto__.v", [4, 4])]), config("mine")],
        [model([matrix("toString.w", [4, 4]), matrix("toString.v", [4, 4])]), config("theirs")],
      ),
      parameters,
    );
    expect(result.methods[1]).toMatchObject({ says: "same-structure" });
    const readBack = resultDocumentSchema.parse(JSON.parse(canonicalJson(result)));
    expect(resultDigest(readBack)).toBe(result.digest);
  });

  it("counts the bytes it read and the bytes there are", async () => {
    const content = safetensorsFile([matrix("w", [64, 64])]);
    const file = { path: "model.safetensors", content };
    const { result, ranges } = await compare(sides([file], [{ path: "x", content: "y" }]), {
      ...parameters,
      methods: ["architecture"],
    });
    const header = content.length - 64 * 64 * 2;
    expect(result.bytesRead).toEqual({ original: header, suspect: 0 });
    expect(result.bytesTotal).toEqual({ original: content.length, suspect: 1 });
    expect(ranges.map(({ start, end }) => [start, end])).toEqual([
      [0, 8],
      [8, header],
    ]);
  });

  it("refuses the same release on both sides", async () => {
    const one = memoryRelease([{ path: "a", content: "b" }], { commit: commit("a") });
    const input = { original: one, suspect: { ...one }, ancestors: [], controls: [] };
    await expect(compare(input, parameters)).rejects.toMatchObject({ code: "same-release" });
  });

  it.each([
    [{ methods: ["nonsense"] }, /no method "nonsense"/],
    [{ methods: [] }, /methods/],
    [{ nonce: "xyz" }, /nonce/],
    [{ screened: 0 }, /screened/],
    [{ level: 4 as never }, /level/],
  ])("refuses the parameters %j", async (wrong, message) => {
    const input = sides([{ path: "a", content: "1" }], [{ path: "b", content: "2" }]);
    await expect(compare(input, { ...parameters, ...wrong })).rejects.toThrow(message);
  });

  it("stops on request", async () => {
    const input = sides([{ path: "a", content: "1" }], [{ path: "b", content: "2" }]);
    const signal = AbortSignal.abort();
    await expect(compare(input, parameters, { signal })).rejects.toMatchObject({ code: "cancelled" });
  });

  it("names the file that lies", async () => {
    const broken = { path: "model.safetensors", content: "not a header at all" };
    const input = sides([broken], [{ path: "b", content: "2" }]);
    await expect(compare(input, parameters)).rejects.toMatchObject({
      code: "malformed-file",
      detail: { path: "model.safetensors" },
    });
  });
});
