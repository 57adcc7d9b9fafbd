import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { safetensorsOf } from "../../../tests/support/safetensors-file";
import { EngineError } from "../errors";
import { openWeights } from "./open-weights";

const ramp = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);

function release(config: object, tensors: Parameters<typeof safetensorsOf>[0]) {
  return memoryRelease([
    { path: "config.json", content: config },
    { path: "model.safetensors", content: safetensorsOf(tensors) },
  ]);
}

test("a release without weights has none, and an open is remembered", async () => {
  const reader = memoryRelease([{ path: "README.md", content: "hello" }]);
  expect(await openWeights(reader)).toBeNull();
  expect(openWeights(reader)).toBe(openWeights(reader));
});

test("an open that was stopped is tried anew", async () => {
  const reader = release({}, [{ name: "w", shape: [2], values: ramp(2) }]);
  await expect(openWeights(reader, AbortSignal.abort())).rejects.toThrow();
  expect((await openWeights(reader))?.tensors.size).toBe(1);
});

test("only the bytes of the elements asked for are read", async () => {
  const reader = release({ model_type: "llama", hidden_size: 4 }, [
    { name: "model.layers.0.mlp.up_proj.weight", shape: [8, 4], values: ramp(32) },
  ]);
  const asked: number[] = [];
  const counting = {
    ...reader,
    read: (path: string, start: number, end: number) => {
      asked.push(end - start);
      return reader.read(path, start, end);
    },
  };
  const weights = await openWeights(counting);
  const up = weights?.tensors.get("model.layers.0.mlp.up_proj.weight");
  expect(up).toMatchObject({ rows: 8, cols: 4, dtype: "F32", bytes: 128 });
  expect(up?.place).toMatchObject({ role: "up", stack: "model.layers", layer: 0, group: "language-model" });
  asked.length = 0;
  if (weights && up) expect([...((await weights.read(up, 5, 9)) ?? [])]).toEqual([5, 6, 7, 8]);
  expect(asked).toEqual([16]);
});

test("fused queries, keys and values are split by the heads of the configuration", async () => {
  // 4 query heads and 2 key heads of 2 rows each, 3 columns.
  const reader = release(
    { model_type: "phi3", hidden_size: 8, num_attention_heads: 4, num_key_value_heads: 2 },
    [{ name: "model.layers.0.self_attn.qkv_proj.weight", shape: [16, 3], values: ramp(48) }],
  );
  const weights = await openWeights(reader);
  const parts = [...(weights?.tensors.values() ?? [])];
  expect(parts.map(({ place, rows }) => [place.role, rows])).toEqual([
    ["key", 4],
    ["query", 8],
    ["value", 4],
  ]);
  const key = parts[0];
  if (weights && key) expect((await weights.read(key, 0, 3))?.[0]).toBe(24);
});

test("any damaged file is refused or read, and nothing else happens (fuzzed)", {
  timeout: 60_000,
}, async () => {
  const config = { model_type: "llama", hidden_size: 4, num_attention_heads: 2, num_key_value_heads: 1 };
  const honest = safetensorsOf([
    { name: "model.layers.0.self_attn.qkv_proj.weight", shape: [8, 4], values: ramp(32) },
    { name: "model.layers.0.mlp.experts.down_proj", shape: [2, 4, 3], values: ramp(24), dtype: "BF16" },
  ]);
  const damage = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const content = Uint8Array.from(honest);
      for (const [at, value] of changes) content[at] = value;
      const reader = memoryRelease([
        { path: "config.json", content: config },
        { path: "model.safetensors", content },
      ]);
      try {
        const weights = await openWeights(reader);
        for (const tensor of weights?.tensors.values() ?? []) {
          const size = tensor.rows * tensor.cols;
          expect(await weights?.read(tensor, 0, size)).toHaveLength(size);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
        expect((error as EngineError).code).toBe("malformed-file");
      }
    }),
    { numRuns: 400 },
  );
});
