import { describe, expect, it } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { safetensorsOf } from "../../../tests/support/safetensors-file";
import { openWeights } from "./open-weights";

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i);

async function opened(config: object, name: string, shape: number[], configPath = "config.json") {
  const values = ramp(shape.reduce((a, b) => a * b, 1));
  const reader = memoryRelease([
    { path: configPath, content: config },
    { path: "model.safetensors", content: safetensorsOf([{ name, shape, values }]) },
  ]);
  const weights = await openWeights(reader);
  if (weights === null) throw new Error("no weights");
  return {
    roles: [...weights.tensors.values()].map(({ place, shape: logical }) => `${place.role} ${logical}`),
    /** First element of each row: in these files, what tells where the row was stored. */
    async rows(part: string): Promise<number[]> {
      const tensor = weights.tensors.get(part === "" ? name : `${name}#${part}`);
      if (tensor === undefined) throw new Error(`no ${part} in ${[...weights.tensors.keys()]}`);
      const all = await weights.read(tensor, 0, tensor.rows * tensor.cols);
      const step = tensor.rows === 1 ? 1 : tensor.cols;
      return [...(all ?? [])].filter((_, i) => i % step === 0);
    },
  };
}

describe("fused queries, keys and values", () => {
  it("alternate by head in GPT-NeoX", async () => {
    const neox = { model_type: "gpt_neox", hidden_size: 4, num_attention_heads: 2 };
    const found = await opened(neox, "gpt_neox.layers.0.attention.query_key_value.weight", [12, 1]);
    expect(found.roles).toEqual(["key 4,1", "query 4,1", "value 4,1"]);
    expect(await found.rows("q")).toEqual([0, 1, 6, 7]);
    expect(await found.rows("k")).toEqual([2, 3, 8, 9]);
    expect(await found.rows("v")).toEqual([4, 5, 10, 11]);
    const bias = await opened(neox, "gpt_neox.layers.0.attention.query_key_value.bias", [12]);
    expect(await bias.rows("k")).toEqual([2, 3, 8, 9]);
  });

  it("come in groups of one key head in Falcon and InternLM2, and in Falcon-7B with one for all", async () => {
    const many = { hidden_size: 4, num_attention_heads: 4, num_key_value_heads: 2 };
    const found = await opened(
      { model_type: "internlm2", ...many },
      "model.layers.0.attention.wqkv.weight",
      [8, 1],
    );
    expect(await found.rows("q")).toEqual([0, 1, 4, 5]);
    expect(await found.rows("k")).toEqual([2, 6]);
    const falcon = {
      model_type: "falcon",
      hidden_size: 4,
      num_attention_heads: 4,
      num_kv_heads: 4,
      multi_query: true,
    };
    const one = await opened(falcon, "transformer.h.0.self_attention.query_key_value.weight", [6, 1]);
    expect(await one.rows("q")).toEqual([0, 1, 2, 3]);
    expect(await one.rows("v")).toEqual([5]);
  });

  it("are columns in GPT-2, whose matrices are stored [in, out]", async () => {
    const gpt2 = { model_type: "gpt2", n_embd: 2, n_head: 1 };
    const found = await opened(gpt2, "h.0.attn.c_attn.weight", [2, 6]);
    expect(found.roles).toEqual(["key 2,2", "query 2,2", "value 2,2"]);
    expect(await found.rows("k")).toEqual([2, 3]);
  });

  it("are thirds in a vision tower, whatever the language model's heads", async () => {
    const config = {
      text_config: { model_type: "llama", hidden_size: 8, num_attention_heads: 4, num_key_value_heads: 2 },
    };
    const found = await opened(config, "vision_tower.blocks.0.attn.qkv.weight", [6, 2]);
    expect(await found.rows("v")).toEqual([8, 10]);
  });

  it("stay together where nothing says how they are fused", async () => {
    const odd = { model_type: "llama", hidden_size: 4, num_attention_heads: 2, num_key_value_heads: 1 };
    const found = await opened(odd, "model.layers.0.self_attn.qkv_proj.weight", [11, 4]);
    expect(found.roles).toEqual(["other 11,4"]);
    const bare = await opened({}, "gpt_neox.layers.0.attention.query_key_value.weight", [12, 4]);
    expect(bare.roles).toEqual(["other 12,4"]);
  });
});

describe("experts in one tensor", () => {
  const name = "model.layers.0.mlp.experts.gate_up_proj";
  it("are one matrix each, gate above up", async () => {
    const found = await opened({ model_type: "qwen3_moe", hidden_size: 3 }, name, [2, 4, 3]);
    expect(found.roles).toEqual(["gate 2,3", "up 2,3", "gate 2,3", "up 2,3"]);
    expect(await found.rows("expert1.up")).toEqual([18, 21]);
  });

  it("are turned in Llama 4, and alternate in gpt-oss", async () => {
    const llama4 = await opened({ model_type: "llama4", text_config: { hidden_size: 3 } }, name, [2, 3, 4]);
    expect(await llama4.rows("expert1.up")).toEqual([14, 15]);
    const oss = await opened({ model_type: "gpt_oss", hidden_size: 3 }, name, [2, 3, 4]);
    expect(await oss.rows("expert0.gate")).toEqual([0, 2]);
    expect(await oss.rows("expert0.up")).toEqual([1, 3]);
  });

  it("stay together where the width does not tell which way they lie", async () => {
    const found = await opened({ model_type: "some_moe", hidden_size: 4 }, name, [2, 4, 4]);
    expect(found.roles).toEqual(["other 2,4,4"]);
  });

  it("stay together where there are more than any model has", async () => {
    const found = await opened({ hidden_size: 1 }, "model.layers.0.mlp.experts.down_proj", [2000, 1, 2]);
    expect(found.roles).toEqual(["other 2000,1,2"]);
  });
});

describe("Meta's own layout", () => {
  it("keeps rotary rows in pairs, which are put in halves", async () => {
    const params = { dim: 4, n_heads: 1, n_layers: 1 };
    const found = await opened(params, "layers.0.attention.wq.weight", [4, 4], "params.json");
    expect(await found.rows("")).toEqual([0, 8, 4, 12]);
    const value = await opened(params, "layers.0.attention.wv.weight", [4, 4], "params.json");
    expect(await value.rows("")).toEqual([0, 4, 8, 12]);
  });
});

it("codes of a quantiser are no numbers: their tensor has no role", async () => {
  const header = Buffer.from(
    '{"model.layers.0.mlp.up_proj.weight":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}',
  );
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(BigInt(header.length));
  const reader = memoryRelease([
    { path: "model.safetensors", content: Buffer.concat([lead, header, Buffer.from([0x21, 0x43])]) },
  ]);
  const weights = await openWeights(reader);
  const [tensor] = [...(weights?.tensors.values() ?? [])];
  expect(tensor?.place.role).toBe("other");
  expect(tensor && [...((await weights?.read(tensor, 1, 4)) ?? [])]).toEqual([2, 3, 4]);
});
