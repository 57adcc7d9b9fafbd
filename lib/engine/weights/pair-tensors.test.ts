import { expect, test } from "vitest";
import { memoryRelease } from "../../../tests/support/memory-release";
import { safetensorsOf } from "../../../tests/support/safetensors-file";
import { openWeights } from "./open-weights";
import { pairTensors } from "./pair-tensors";

async function weightsOf(config: object, shapes: Record<string, number[]>) {
  const tensors = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  }));
  const reader = memoryRelease([
    { path: "config.json", content: config },
    { path: "model.safetensors", content: safetensorsOf(tensors) },
  ]);
  const weights = await openWeights(reader);
  if (weights === null) throw new Error("no weights");
  return weights;
}

const config = { model_type: "llama", hidden_size: 8, num_attention_heads: 4, num_key_value_heads: 2 };

function llama(layers: number, vocabulary = 10): Record<string, number[]> {
  const shapes: Record<string, number[]> = {
    "model.embed_tokens.weight": [vocabulary, 8],
    "model.norm.weight": [8],
    "lm_head.weight": [vocabulary, 8],
  };
  for (let l = 0; l < layers; l++) {
    const at = `model.layers.${l}`;
    shapes[`${at}.self_attn.q_proj.weight`] = [8, 8];
    shapes[`${at}.self_attn.k_proj.weight`] = [4, 8];
    shapes[`${at}.self_attn.v_proj.weight`] = [4, 8];
    shapes[`${at}.self_attn.o_proj.weight`] = [8, 8];
    shapes[`${at}.mlp.gate_proj.weight`] = [12, 8];
    shapes[`${at}.mlp.up_proj.weight`] = [12, 8];
    shapes[`${at}.mlp.down_proj.weight`] = [8, 12];
    shapes[`${at}.input_layernorm.weight`] = [8];
    shapes[`${at}.post_attention_layernorm.weight`] = [8];
  }
  return shapes;
}

const names = ({ pairs }: ReturnType<typeof pairTensors>) =>
  pairs.map(({ original, suspect }) => `${original.name} = ${suspect.name}`).sort();

test("fused and split layouts answer each other by place, and swapping changes nothing", async () => {
  const split = await weightsOf(config, llama(2));
  const shapes = Object.fromEntries(
    Object.entries(llama(2)).filter(([name]) => !/[qkv]_proj|gate_proj|up_proj/.test(name)),
  );
  for (const l of [0, 1]) {
    shapes[`model.layers.${l}.self_attn.qkv_proj.weight`] = [16, 8];
    shapes[`model.layers.${l}.mlp.gate_up_proj.weight`] = [24, 8];
  }
  const fused = await weightsOf(config, shapes);
  const found = pairTensors(split, fused);
  expect(found.unpaired).toEqual({ original: [], suspect: [] });
  expect(names(found)).toContain(
    "model.layers.1.mlp.gate_proj.weight = model.layers.1.mlp.gate_up_proj.weight#gate",
  );
  expect(found.pairs).toHaveLength(21);
  const back = pairTensors(fused, split);
  expect(back.pairs.map(({ original, suspect, group }) => [suspect.name, original.name, group])).toEqual(
    found.pairs.map(({ original, suspect, group }) => [original.name, suspect.name, group]),
  );
});

test("an extended vocabulary and missing layers still pair what there is", async () => {
  const found = pairTensors(await weightsOf(config, llama(3)), await weightsOf(config, llama(2, 12)));
  expect(found.pairs).toHaveLength(21);
  expect(found.unpaired.original).toHaveLength(9);
  const embedding = found.pairs.find(({ group }) => group === "embeddings");
  expect([embedding?.original.rows, embedding?.suspect.rows]).toEqual([10, 12]);
});

test("a stored head answers the embedding that serves as head on the other side", async () => {
  const { "lm_head.weight": _, ...rest } = llama(1);
  const found = pairTensors(
    await weightsOf(config, llama(1)),
    await weightsOf({ ...config, tie_word_embeddings: true }, rest),
  );
  expect(names(found)).toContain("lm_head.weight = model.embed_tokens.weight");
});
