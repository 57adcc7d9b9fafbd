import { describe, expect, it } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { safetensorsFile } from "../../../tests/support/safetensors-file";
import { parseSafetensorsIndex } from "./safetensors-index";
import { loadTensorTable } from "./tensor-table";

const parse = (value: object) => parseSafetensorsIndex(Buffer.from(JSON.stringify(value)), "i.json");

describe("the shard index", () => {
  it.each([
    "../model.safetensors",
    "/etc/passwd",
    "a/b.safetensors",
    "a\\b.safetensors",
    "C:model",
    "..",
    ".hidden",
    "a..b",
    "",
    "x\u0000",
    "https://example.org/x",
    7,
    null,
  ])("refuses the shard name %j", (shard) => {
    expect(() => parse({ weight_map: { w: shard } })).toThrow(/^i\.json: names a shard/);
  });

  it.each([{}, { weight_map: [] }, { weight_map: "x" }])("refuses %j", (value) => {
    expect(() => parse(value)).toThrow(/no weight_map/);
  });

  it.each([-1, 1.5, "34"])("refuses a total of %j", (total_size) => {
    expect(() => parse({ metadata: { total_size }, weight_map: {} })).toThrow(/whole number of bytes/);
  });
});

describe("the tensor table", () => {
  const index = (map: object) => ({
    path: "model.safetensors.index.json",
    content: { metadata: { total_size: 8 }, weight_map: map },
  });

  it("knows names without shapes where shards are missing", async () => {
    const table = await loadTensorTable(memoryRelease([index({ a: "m1.safetensors", b: "m2.safetensors" })]));
    expect(table).toMatchObject({
      shapesKnown: false,
      shards: 2,
      shardsRead: 0,
      listedTotal: null,
      byteOrder: null,
    });
    expect([...(table?.tensors.keys() ?? [])]).toEqual(["a", "b"]);
  });

  it("reads shapes where shards are there", async () => {
    const content = safetensorsFile([{ name: "a", dtype: "F32", shape: [2], width: 4 }]);
    const table = await loadTensorTable(
      memoryRelease([index({ a: "m1.safetensors" }), { path: "m1.safetensors", content }]),
    );
    expect(table).toMatchObject({ shapesKnown: true, byteOrder: ["a"], listedTotal: content.length });
    expect(table?.tensors.get("a")).toEqual({ name: "a", dtype: "F32", shape: [2] });
  });

  it("is null for a release without weights", async () => {
    expect(await loadTensorTable(memoryRelease([{ path: "README.md", content: "hello" }]))).toBeNull();
  });

  it("looks one folder down, shallowest first", async () => {
    const at = (path: string, name: string) => ({
      path,
      content: safetensorsFile([{ name, dtype: "F32", shape: [1], width: 4 }]),
    });
    const deep = memoryRelease([at("b/model.safetensors", "b"), at("a/model.safetensors", "a")]);
    expect([...((await loadTensorTable(deep))?.tensors.keys() ?? [])]).toEqual(["a"]);
    const root = memoryRelease([at("a/model.safetensors", "a"), at("model.safetensors", "root")]);
    expect([...((await loadTensorTable(root))?.tensors.keys() ?? [])]).toEqual(["root"]);
  });
});
