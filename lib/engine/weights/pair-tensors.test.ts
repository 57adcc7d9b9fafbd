import fc from "fast-check";
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

/** The same model as a GGUF file names it. */
function ggufNames(shapes: Record<string, number[]>): Record<string, number[]> {
  const words: [RegExp, string][] = [
    [/^model\.layers\.(\d+)\.self_attn\.([qkv])_proj/, "blk.$1.attn_$2"],
    [/^model\.layers\.(\d+)\.self_attn\.o_proj/, "blk.$1.attn_output"],
    [/^model\.layers\.(\d+)\.mlp\.(gate|up|down)_proj/, "blk.$1.ffn_$2"],
    [/^model\.layers\.(\d+)\.input_layernorm/, "blk.$1.attn_norm"],
    [/^model\.layers\.(\d+)\.post_attention_layernorm/, "blk.$1.ffn_norm"],
    [/^model\.embed_tokens/, "token_embd"],
    [/^model\.norm/, "output_norm"],
    [/^lm_head/, "output"],
  ];
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      words.reduce((text, [from, to]) => text.replace(from, to), name),
      shape,
    ]),
  );
}

test("every tensor of a Llama answers its GGUF namesake", async () => {
  const found = pairTensors(await weightsOf(config, llama(2)), await weightsOf(config, ggufNames(llama(2))));
  expect(found.unpaired).toEqual({ original: [], suspect: [] });
  const [wrong] = names(found).filter((pair) => {
    const [mine = "", theirs = ""] = pair.split(" = ");
    return Object.keys(ggufNames({ [mine]: [1] }))[0] !== theirs;
  });
  expect(wrong).toBeUndefined();
});

test("a renamed tower and model are paired; what two words could mean is not guessed", async () => {
  const renamed = Object.fromEntries(
    Object.entries(llama(2)).map(([name, shape]) => [
      name.replace("model.layers", "core.pile").replace("up_proj", "zig").replace("gate_proj", "zag"),
      shape,
    ]),
  );
  const found = pairTensors(await weightsOf(config, llama(2)), await weightsOf(config, renamed));
  expect(names(found)).toContain("model.layers.1.mlp.down_proj.weight = core.pile.1.mlp.down_proj.weight");
  expect(found.unpaired.suspect.map(({ name }) => name).filter((name) => !/zig|zag/.test(name))).toEqual([]);
  expect(found.unpaired.original).toHaveLength(4);
});

test("encoders pair with encoders, decoders with decoders, cross attention with its own", async () => {
  const shapes: Record<string, number[]> = {};
  for (const side of ["encoder", "decoder"])
    shapes[`model.${side}.layers.0.self_attn.q_proj.weight`] = [8, 8];
  shapes["model.decoder.layers.0.encoder_attn.q_proj.weight"] = [8, 8];
  const t5 = {
    "encoder.block.0.layer.0.SelfAttention.q.weight": [8, 8],
    "decoder.block.0.layer.0.SelfAttention.q.weight": [8, 8],
    "decoder.block.0.layer.1.EncDecAttention.q.weight": [8, 8],
  };
  const found = pairTensors(await weightsOf({}, shapes), await weightsOf({}, t5));
  expect(names(found)).toEqual([
    "model.decoder.layers.0.encoder_attn.q_proj.weight = decoder.block.0.layer.1.EncDecAttention.q.weight",
    "model.decoder.layers.0.self_attn.q_proj.weight = decoder.block.0.layer.0.SelfAttention.q.weight",
    "model.encoder.layers.0.self_attn.q_proj.weight = encoder.block.0.layer.0.SelfAttention.q.weight",
  ]);
});

test("swapping the releases swaps the pairs, whatever the names (property)", async () => {
  const word = fc.constantFrom("q_proj", "k_proj", "attn_q", "up_proj", "w3", "zig", "zag", "norm");
  const name = fc
    .tuple(fc.constantFrom("model.layers", "blk", "h", "core"), fc.nat(2), word)
    .map(([stack, layer, last]) => `${stack}.${layer}.${last}.weight`);
  const shape = fc.constantFrom<number[]>([4, 4], [8, 4], [4, 8], [4]);
  const table = fc.dictionary(name, shape, { minKeys: 1, maxKeys: 14 });
  await fc.assert(
    fc.asyncProperty(table, table, async (left, right) => {
      const [a, b] = [await weightsOf({}, left), await weightsOf({}, right)];
      const [there, back] = [pairTensors(a, b), pairTensors(b, a)];
      const text = (pairs: typeof there.pairs, swapped: boolean) =>
        pairs.map(({ original, suspect, group }) =>
          swapped ? `${suspect.name} ${original.name} ${group}` : `${original.name} ${suspect.name} ${group}`,
        );
      expect(text(back.pairs, true)).toEqual(text(there.pairs, false));
      expect(back.unpaired).toEqual({ original: there.unpaired.suspect, suspect: there.unpaired.original });
      expect(new Set(there.pairs.map(({ original }) => original.name)).size).toBe(there.pairs.length);
      expect(new Set(there.pairs.map(({ suspect }) => suspect.name)).size).toBe(there.pairs.length);
    }),
    { numRuns: 150 },
  );
});
