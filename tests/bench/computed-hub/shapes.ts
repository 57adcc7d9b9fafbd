/** Sizes of a Llama-shaped model. */
export interface LlamaShape {
  readonly layers: number;
  readonly hidden: number;
  readonly mlp: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Rows of the embedding; the tokenizer has 256 tokens fewer, as Llama 3 reserves them. */
  readonly vocabulary: number;
  /** Largest file of weights, bytes. */
  readonly shardBytes: number;
}

const GB = 1e9;

/** Llama 3 (Grattafiori et al., arXiv 2407.21783, table 3), sharded as its repositories are; "mini" for tests. */
export const shapes = {
  "8B": {
    layers: 32,
    hidden: 4096,
    mlp: 14336,
    heads: 32,
    kvHeads: 8,
    vocabulary: 128256,
    shardBytes: 5 * GB,
  },
  "70B": {
    layers: 80,
    hidden: 8192,
    mlp: 28672,
    heads: 64,
    kvHeads: 8,
    vocabulary: 128256,
    shardBytes: 5 * GB,
  },
  mini: {
    layers: 4,
    hidden: 256,
    mlp: 768,
    heads: 4,
    kvHeads: 2,
    vocabulary: 4096,
    shardBytes: 3_000_000,
  },
} as const satisfies Record<string, LlamaShape>;

export type ShapeName = keyof typeof shapes;

export interface ShapedTensor {
  /** The name it has in Llama's own releases. */
  readonly name: string;
  readonly rows: number;
  /** 0 for a vector. */
  readonly cols: number;
}

/** All tensors, in the order of their names in Llama's own releases (layer by layer, head last). */
export function tensorsOf(shape: LlamaShape): ShapedTensor[] {
  const { hidden, mlp } = shape;
  const keys = (hidden / shape.heads) * shape.kvHeads;
  const tensors: ShapedTensor[] = [];
  const matrix = (name: string, rows: number, cols: number) =>
    tensors.push({ name: `${name}.weight`, rows, cols });
  const vector = (name: string) => tensors.push({ name: `${name}.weight`, rows: hidden, cols: 0 });
  matrix("model.embed_tokens", shape.vocabulary, hidden);
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const at = `model.layers.${layer}`;
    vector(`${at}.input_layernorm`);
    matrix(`${at}.mlp.down_proj`, hidden, mlp);
    matrix(`${at}.mlp.gate_proj`, mlp, hidden);
    matrix(`${at}.mlp.up_proj`, mlp, hidden);
    vector(`${at}.post_attention_layernorm`);
    matrix(`${at}.self_attn.k_proj`, keys, hidden);
    matrix(`${at}.self_attn.o_proj`, hidden, hidden);
    matrix(`${at}.self_attn.q_proj`, hidden, hidden);
    matrix(`${at}.self_attn.v_proj`, keys, hidden);
  }
  vector("model.norm");
  matrix("lm_head", shape.vocabulary, hidden);
  return tensors;
}
