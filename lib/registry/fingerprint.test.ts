import { describe, expect, it } from "vitest";
import { structureKey } from "@/lib/engine/fingerprint/structure-key";
import { type FingerprintInput, metadataFingerprint, tensorTable } from "./fingerprint";

const kept = new Map([
  ["1".repeat(64), '{"model":{"vocab":{"a":0,"b":1}}}'],
  ["2".repeat(64), '{\n  "model": { "vocab": { "b": 1, "a": 0 } }\n}\n'],
  ["3".repeat(64), '{"hidden_size":8}'],
]);
const listed = (path: string, size = 10) => ({ path, size, gitOid: "a".repeat(40), lfsSha256: null });
const input = (over: Partial<FingerprintInput> = {}): FingerprintInput => ({
  source: "hf",
  repository: "north-lab/slip",
  commit: "b".repeat(40),
  files: [listed("a/config.json"), listed("config.json"), listed("merges.txt"), listed("tokenizer.json")],
  metadata: [
    { path: "config.json", size: 10, sha256: "3".repeat(64) },
    { path: "tokenizer.json", size: 10, sha256: "1".repeat(64) },
  ],
  tensors: null,
  bytesOf: async (sha256) => {
    const text = kept.get(sha256);
    return text === undefined ? null : Buffer.from(text, "utf8");
  },
  ...over,
});
const documentOf = async (over: Partial<FingerprintInput> = {}) =>
  JSON.parse((await metadataFingerprint(input(over))).document);

describe("metadataFingerprint", () => {
  it("is the same whatever the order in which files were listed", async () => {
    const base = input();
    const turned = input({ files: [...base.files].reverse(), metadata: [...base.metadata].reverse() });
    expect((await documentOf(turned)).files).toBe((await documentOf()).files);
    expect(await metadataFingerprint(turned)).toEqual(await metadataFingerprint(base));
  });

  it("sees a tokenizer that was only reformatted as the same tokenizer", async () => {
    const metadata = [
      { path: "config.json", size: 10, sha256: "3".repeat(64) },
      { path: "tokenizer.json", size: 20, sha256: "2".repeat(64) },
    ];
    const [first, second] = [await documentOf(), await documentOf({ metadata })];
    expect(second.tokenizer).toBe(first.tokenizer);
    expect(second.config).toMatch(/^[0-9a-f]{64}$/);
  });

  it("falls back on the ids of the listing where bytes were not kept", async () => {
    const without = await documentOf({ metadata: [] });
    expect(without.config).toBeNull();
    expect(without.tokenizer).toMatch(/^[0-9a-f]{64}$/);
    const none = await documentOf({ files: [listed("README.md")], metadata: [] });
    expect(none.tokenizer).toBeNull();
  });
});

describe("tensor tables", () => {
  const tensors = [
    { name: "vpm.a", dtype: "BF16", shape: [4, 8] },
    { name: "llm.b", dtype: "BF16", shape: [8] },
    { name: "llm.c", dtype: "F32", shape: [8] },
  ];

  it("are sorted by name in code-unit order", () => {
    expect(tensorTable(tensors)).toBe('[["llm.b","BF16",[8]],["llm.c","F32",[8]],["vpm.a","BF16",[4,8]]]');
  });

  it("have a structure key that is blind to names, and none where a shape is unknown", () => {
    const renamed = tensors.map((tensor) => ({ ...tensor, name: tensor.name.replace("vpm", "vison") }));
    expect(structureKey(renamed.reverse())).toBe(structureKey(tensors));
    expect(structureKey(tensors.slice(1))).not.toBe(structureKey(tensors));
    expect(structureKey([...tensors, { shape: null }])).toBeNull();
  });
});
