import { describe, expect, test } from "vitest";
import { placeOf } from "./places";
import type { TensorRole } from "./release-weights";

type Row = readonly [
  name: string,
  role: TensorRole,
  stack: string | null,
  layer: number | null,
  expert?: number,
];

const families: Readonly<Record<string, readonly Row[]>> = {
  "Llama, Mistral, Qwen, Gemma": [
    ["model.embed_tokens.weight", "embedding", null, null],
    ["model.layers.3.self_attn.q_proj.weight", "query", "model.layers", 3],
    ["model.layers.3.self_attn.k_proj.weight", "key", "model.layers", 3],
    ["model.layers.3.self_attn.v_proj.weight", "value", "model.layers", 3],
    ["model.layers.3.self_attn.o_proj.weight", "attention-out", "model.layers", 3],
    ["model.layers.3.self_attn.q_norm.weight", "norm", "model.layers", 3],
    ["model.layers.3.mlp.gate_proj.weight", "gate", "model.layers", 3],
    ["model.layers.3.mlp.up_proj.weight", "up", "model.layers", 3],
    ["model.layers.3.mlp.down_proj.weight", "down", "model.layers", 3],
    ["model.layers.3.input_layernorm.weight", "norm-attention", "model.layers", 3],
    ["model.layers.3.post_attention_layernorm.weight", "norm-mlp", "model.layers", 3],
    ["model.layers.3.self_attn.rotary_emb.inv_freq", "other", "model.layers", 3],
    ["model.norm.weight", "norm-final", null, null],
    ["lm_head.weight", "head", null, null],
  ],
  "mixtures of experts": [
    ["model.layers.1.block_sparse_moe.gate.weight", "router", "model.layers", 1],
    ["model.layers.1.block_sparse_moe.experts.5.w1.weight", "gate", "model.layers", 1, 5],
    ["model.layers.1.block_sparse_moe.experts.5.w2.weight", "down", "model.layers", 1, 5],
    ["model.layers.1.mlp.gate.weight", "router", "model.layers", 1],
    ["model.layers.1.mlp.experts.7.up_proj.weight", "up", "model.layers", 1, 7],
    ["model.layers.1.mlp.shared_expert.up_proj.weight", "up", "model.layers#shared", 1],
  ],
  "Meta's own": [
    ["tok_embeddings.weight", "embedding", null, null],
    ["layers.2.attention.wq.weight", "query", "layers", 2],
    ["layers.2.attention.wo.weight", "attention-out", "layers", 2],
    ["layers.2.feed_forward.w1.weight", "gate", "layers", 2],
    ["layers.2.feed_forward.w3.weight", "up", "layers", 2],
    ["layers.2.attention_norm.weight", "norm-attention", "layers", 2],
    ["layers.2.ffn_norm.weight", "norm-mlp", "layers", 2],
    ["norm.weight", "norm-final", null, null],
    ["output.weight", "head", null, null],
  ],
  GGUF: [
    ["token_embd.weight", "embedding", null, null],
    ["blk.4.attn_q.weight", "query", "blk", 4],
    ["blk.4.attn_output.weight", "attention-out", "blk", 4],
    ["blk.4.ffn_gate.weight", "gate", "blk", 4],
    ["blk.4.ffn_gate_inp.weight", "router", "blk", 4],
    ["blk.4.ffn_down.6.weight", "down", "blk", 4, 6],
    ["blk.4.ffn_up_shexp.weight", "up", "blk#shared", 4],
    ["blk.4.attn_norm.weight", "norm-attention", "blk", 4],
    ["blk.4.ffn_norm.weight", "norm-mlp", "blk", 4],
    ["output_norm.weight", "norm-final", null, null],
    ["output.weight", "head", null, null],
    ["rope_freqs.weight", "other", null, null],
    ["v.blk.0.attn_q.weight", "query", "v.blk", 0],
    ["dec.blk.0.cross_attn_q.weight", "query", "dec.blk#cross", 0],
  ],
  "GPT-2, GPT-NeoX, Falcon": [
    ["transformer.wte.weight", "embedding", null, null],
    ["transformer.wpe.weight", "position", null, null],
    ["transformer.h.0.attn.c_proj.weight", "attention-out", "transformer.h", 0],
    ["transformer.h.0.mlp.c_fc.weight", "up", "transformer.h", 0],
    ["transformer.h.0.mlp.c_proj.weight", "down", "transformer.h", 0],
    ["transformer.h.0.ln_1.weight", "norm-attention", "transformer.h", 0],
    ["transformer.ln_f.weight", "norm-final", null, null],
    ["gpt_neox.embed_in.weight", "embedding", null, null],
    ["gpt_neox.layers.0.attention.dense.weight", "attention-out", "gpt_neox.layers", 0],
    ["gpt_neox.layers.0.mlp.dense_h_to_4h.weight", "up", "gpt_neox.layers", 0],
    ["gpt_neox.layers.0.mlp.dense_4h_to_h.weight", "down", "gpt_neox.layers", 0],
    ["gpt_neox.final_layer_norm.weight", "norm-final", null, null],
    ["embed_out.weight", "head", null, null],
    ["transformer.h.0.self_attention.dense.weight", "attention-out", "transformer.h", 0],
  ],
  "BERT and T5": [
    ["bert.embeddings.word_embeddings.weight", "embedding", null, null],
    ["bert.embeddings.position_embeddings.weight", "position", null, null],
    ["bert.encoder.layer.1.attention.self.query.weight", "query", "bert.encoder.layer", 1],
    ["bert.encoder.layer.1.attention.output.dense.weight", "attention-out", "bert.encoder.layer", 1],
    ["bert.encoder.layer.1.intermediate.dense.weight", "up", "bert.encoder.layer", 1],
    ["bert.encoder.layer.1.output.dense.weight", "down", "bert.encoder.layer", 1],
    ["shared.weight", "embedding", null, null],
    ["encoder.block.0.layer.0.SelfAttention.q.weight", "query", "encoder.block", 0],
    ["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", "position", "encoder.block", 0],
    ["decoder.block.0.layer.1.EncDecAttention.o.weight", "attention-out", "decoder.block#cross", 0],
    ["decoder.block.0.layer.2.DenseReluDense.wi_0.weight", "gate", "decoder.block", 0],
    ["decoder.block.0.layer.2.DenseReluDense.wo.weight", "down", "decoder.block", 0],
  ],
  "ViT, CLIP, SigLIP, Whisper": [
    [
      "vision_model.encoder.layers.5.self_attn.out_proj.weight",
      "attention-out",
      "vision_model.encoder.layers",
      5,
    ],
    ["vision_model.encoder.layers.5.mlp.fc1.weight", "up", "vision_model.encoder.layers", 5],
    ["vision_model.encoder.layers.5.layer_norm1.weight", "norm-attention", "vision_model.encoder.layers", 5],
    ["vision_model.post_layernorm.weight", "norm-final", null, null],
    ["vit.encoder.layer.0.layernorm_before.weight", "norm-attention", "vit.encoder.layer", 0],
    ["blocks.2.attn.proj.weight", "attention-out", "blocks", 2],
    ["blocks.2.norm1.weight", "norm-attention", "blocks", 2],
    ["layers.0.blocks.1.mlp.fc2.weight", "down", "layers.0.blocks", 1],
    ["model.decoder.layers.1.encoder_attn.q_proj.weight", "query", "model.decoder.layers#cross", 1],
    ["model.decoder.layers.1.self_attn.q_proj.weight", "query", "model.decoder.layers", 1],
    ["model.decoder.embed_positions.weight", "position", null, null],
    ["decoder.blocks.0.mlp.2.weight", "down", "decoder.blocks", 0],
    ["mm_projector.0.weight", "up", "mm_projector", null],
    ["mm_projector.2.weight", "down", "mm_projector", null],
    ["multi_modal_projector.linear_1.weight", "up", "multi_modal_projector", null],
  ],
  "made-up words, and what is beside the weights": [
    ["alpha.layers.0.zork.weight", "other", "alpha.layers", 0],
    ["model.layers.0.mlp.up_proj.weight_scale", "other", "model.layers", 0],
    ["model.layers.0.mlp.up_proj.qweight", "other", "model.layers", 0],
    ["bn.running_mean", "other", null, null],
  ],
};

describe.each(Object.entries(families))("%s", (_, rows) => {
  test.each(rows.map(([name, role, ...place]) => ({ name, role, place })))(
    "$name is $role",
    ({ name, role, place: [stack, layer, expert] }) => {
      const vector = /norm|ln_|inv_freq|running|freqs/.test(name);
      const place = placeOf(name, vector ? 1 : 2);
      expect([place.role, place.stack, place.layer, place.expert]).toEqual([
        role,
        stack,
        layer,
        expert ?? null,
      ]);
    },
  );
});

test("groups follow the words of the name, or the role where those are silent", () => {
  const group = (name: string, rank = 2) => placeOf(name, rank).group;
  expect(group("blk.0.attn_q.weight")).toBe("language-model");
  expect(group("v.blk.0.attn_q.weight")).toBe("vision-tower");
  expect(group("mm.0.weight")).toBe("projector");
  expect(group("token_embd.weight")).toBe("embeddings");
  expect(group("output.weight")).toBe("head");
  expect(group("vision_tower.vision_model.embeddings.position_embedding.weight")).toBe("vision-tower");
  expect(group("zork.weight")).toBe("other");
});

test("a bias has the role of its matrix, a kernel with taps is a convolution, and a vector is no matrix", () => {
  expect(placeOf("model.layers.0.self_attn.q_proj.bias", 1)).toMatchObject({
    role: "query",
    parameter: "bias",
  });
  expect(placeOf("encoder.layers.0.self_attn.in_proj_bias", 1)).toMatchObject({ parameter: "bias" });
  expect(placeOf("stem.thing.weight", 4).role).toBe("convolution");
  expect(placeOf("model.layers.0.self_attn.q_proj.weight", 1).role).toBe("other");
});
