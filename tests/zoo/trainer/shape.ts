/** Architecture of one zoo model: Llama-shaped (RMSNorm, rotary positions, SwiGLU, no biases). */
export interface Shape {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly mlp: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly context: number;
  readonly tied: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** Offset, in floats, in the flat buffer of all parameters. */
  readonly at: number;
}

/** Base A and every model of its family; B and D are shaped alike. */
export const baseShape: Shape = {
  vocabulary: 512,
  hidden: 96,
  mlp: 256,
  layers: 4,
  heads: 6,
  kvHeads: 3,
  headDim: 16,
  context: 64,
  tied: false,
};

export const narrowShape: Shape = { ...baseShape, hidden: 64, mlp: 192, heads: 4, kvHeads: 4, tied: true };

export const microShape: Shape = {
  vocabulary: 512,
  hidden: 32,
  mlp: 64,
  layers: 2,
  heads: 2,
  kvHeads: 2,
  headDim: 16,
  context: 32,
  tied: true,
};

/** Every tensor under its usual name, matrices as [outputs × inputs]. */
export function parameters(shape: Shape): Parameter[] {
  const { hidden: h, mlp, headDim } = shape;
  const list: Parameter[] = [];
  let at = 0;
  const add = (name: string, ...dims: number[]) => {
    const size = dims.reduce((a, b) => a * b, 1);
    list.push({ name, shape: dims, size, at });
    at += size;
  };
  add("model.embed_tokens.weight", shape.vocabulary, h);
  for (let layer = 0; layer < shape.layers; layer++) {
    const place = `model.layers.${layer}`;
    add(`${place}.input_layernorm.weight`, h);
    add(`${place}.self_attn.q_proj.weight`, shape.heads * headDim, h);
    add(`${place}.self_attn.k_proj.weight`, shape.kvHeads * headDim, h);
    add(`${place}.self_attn.v_proj.weight`, shape.kvHeads * headDim, h);
    add(`${place}.self_attn.o_proj.weight`, h, shape.heads * headDim);
    add(`${place}.post_attention_layernorm.weight`, h);
    add(`${place}.mlp.gate_proj.weight`, mlp, h);
    add(`${place}.mlp.up_proj.weight`, mlp, h);
    add(`${place}.mlp.down_proj.weight`, h, mlp);
  }
  add("model.norm.weight", h);
  if (!shape.tied) add("lm_head.weight", shape.vocabulary, h);
  return list;
}

export function totalSize(shape: Shape): number {
  return parameters(shape).reduce((sum, parameter) => sum + parameter.size, 0);
}
