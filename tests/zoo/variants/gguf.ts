import { ggufFile, ggufTensor } from "../../support/gguf-file";
import type { ZooModel, ZooTensor } from "../model";

const names: readonly (readonly [RegExp, string])[] = [
  [/^model\.embed_tokens/, "token_embd"],
  [/^model\.norm/, "output_norm"],
  [/^lm_head/, "output"],
  [/^model\.layers\.(\d+)\.self_attn\.([qkv])_proj/, "blk.$1.attn_$2"],
  [/^model\.layers\.(\d+)\.self_attn\.o_proj/, "blk.$1.attn_output"],
  [/^model\.layers\.(\d+)\.mlp\.(gate|up|down)_proj/, "blk.$1.ffn_$2"],
  [/^model\.layers\.(\d+)\.input_layernorm/, "blk.$1.attn_norm"],
  [/^model\.layers\.(\d+)\.post_attention_layernorm/, "blk.$1.ffn_norm"],
];

/**
 * A GGUF file as llama.cpp's converter lays it out (convert_hf_to_gguf.py): short names, query and key rows in
 * interleaved rotary order, matrices quantised in blocks of 32, gains in float32.
 */
export function ggufBytes(model: ZooModel, words: readonly string[], type: "Q8_0" | "Q4_0"): Uint8Array {
  const { shape } = model;
  const metadata = {
    "general.architecture": "llama",
    "llama.block_count": shape.layers,
    "llama.context_length": shape.context,
    "llama.embedding_length": shape.hidden,
    "llama.feed_forward_length": shape.mlp,
    "llama.attention.head_count": shape.heads,
    "llama.attention.head_count_kv": shape.kvHeads,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "llama.rope.dimension_count": shape.headDim,
    "llama.vocab_size": shape.vocabulary,
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": words,
  };
  const tensors = model.tensors.map((tensor) => {
    const name = names.reduce((text, [pattern, word]) => text.replace(pattern, word), tensor.name);
    return tensor.shape.length === 1
      ? ggufTensor(name, tensor.shape, tensor.values)
      : ggufTensor(name, tensor.shape, interleaved(tensor, shape.headDim), type);
  });
  return ggufFile(metadata, tensors);
}

/** Rows (half, i) of each query and key head become rows (i, half): the converter's own permutation. */
function interleaved({ name, shape, values }: ZooTensor, headDim: number): Float32Array {
  if (!/\.(?:q|k)_proj/.test(name)) return values;
  const [rows, cols] = shape as [number, number];
  const out = new Float32Array(values.length);
  for (let to = 0; to < rows; to++) {
    const inHead = to % headDim;
    const from = to - inHead + (inHead % 2) * (headDim / 2) + Math.floor(inHead / 2);
    out.set(values.subarray(from * cols, (from + 1) * cols), to * cols);
  }
  return out;
}
