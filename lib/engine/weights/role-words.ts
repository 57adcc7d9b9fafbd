import type { TensorRole } from "./release-weights";

/** Where a word stands: inside a numbered block or outside, and what encloses it. */
interface Context {
  readonly inLayer: boolean;
  readonly attention: boolean;
  readonly mlp: boolean;
  readonly outer: string;
}

type Rule = readonly [TensorRole, RegExp, ((context: Context) => boolean)?];

const inside = ({ inLayer }: Context) => inLayer;
const outside = ({ inLayer }: Context) => !inLayer;

/**
 * Words for one thing in Llama-, Mistral-, Qwen-, Gemma-, Phi-, GPT-2-, GPT-NeoX-, Falcon-, Bloom-, BERT-, T5-, BART-,
 * ViT-, CLIP-, SigLIP- and Whisper-like code, in GGUF files and in Meta's originals. First match wins.
 */
const normRules: readonly Rule[] = [
  ["norm", /^(?:q|k|attn_q|attn_k|query|key)_(?:layer)?norm$|^attn_sub_norm$|^ffn_sub_norm$/],
  [
    "norm-attention",
    /^(?:input_layernorm|ln_?1|norm_?1|layer_norm_?1|layernorm_?1|attention_norm|attn_norm)$/,
  ],
  [
    "norm-attention",
    /^(?:self_attn_layer_norm|layernorm_before|pre_attention_(?:layer)?norm|ln_attn|attn_ln)$/,
  ],
  ["norm-mlp", /^(?:post_attention_layernorm|ln_?2|norm_?2|layer_norm_?2|layernorm_?2|ffn_norm|mlp_norm)$/],
  ["norm-mlp", /^(?:layernorm_after|pre_mlp_(?:layer)?norm|pre_feedforward_layernorm|ln_mlp|mlp_ln)$/],
  ["norm-mlp", /^final_layer_norm$/, inside],
  ["norm-final", /^(?:norm|ln_f|ln|final_layer_?norm|output_norm|ln_post|post_ln|post_layernorm)$/, outside],
  ["norm-final", /^(?:layernorm|layer_norm|final_norm|norm_f)$/, outside],
  ["norm", /norm|(?:^|_)ln(?:_|[0-9]|$)|layrnorm|^LayerNorm$/],
];

const outerRules: readonly Rule[] = [
  ["position", /^(?:wpe|embed_positions|pos_embed|positional_embedding|position_embd|position_encoding)$/],
  [
    "position",
    /^(?:position_embeddings?|relative_attention_bias|position_bias|relative_position_bias_table)$/,
  ],
  ["embedding", /^(?:embed_tokens|wte|word_embeddings?|tok_embeddings|embed_in|token_embd|shared)$/],
  ["embedding", /^(?:token_embedding|tokens_embed|embedding|embeddings)$/],
  ["head", /^(?:lm_head|embed_out|output_projection|proj_out|output|head)$/, ({ outer }) => outer === ""],
  ["head", /^(?:lm_head|embed_out)$/],
  ["head", /^decoder$/, ({ outer }) => /(?:^|\.)(?:predictions|lm_head)$/.test(outer)],
  ["convolution", /^(?:conv[0-9]?|patch_embedding|patch_embd)$/],
  ["convolution", /^proj(?:ection)?$/, ({ outer }) => /patch_embed/.test(outer)],
];

const blockRules: readonly Rule[] = [
  ["position", /^(?:relative_attention_bias|relative_position_bias_table|pos_bias|attn_rel_b)$/],
  ["router", /^(?:router|ffn_gate_inp|gate_inp)$|^wg$/],
  ["router", /^gate$/, ({ outer }) => /(?:^|\.)(?:block_sparse_moe|mlp|moe|feed_forward|ffn)$/.test(outer)],
  ["router", /^(?:layer|classifier)$/, ({ outer }) => /(?:^|\.)router$/.test(outer)],
  ["query", /^(?:q|wq|q_proj|query|q_lin|to_q|query_proj|attn_q|linear_q|q_linear|query_layer)$/],
  ["key", /^(?:k|wk|k_proj|key|k_lin|to_k|key_proj|attn_k|linear_k|k_linear|key_layer)$/],
  ["value", /^(?:v|wv|v_proj|value|v_lin|to_v|value_proj|attn_v|linear_v|v_linear|value_layer)$/],
  [
    "attention-out",
    /^(?:o|wo|o_proj|out_lin|attn_output|attention_output|attention_out)$/,
    ({ mlp }) => !mlp,
  ],
  [
    "attention-out",
    /^(?:out_proj|to_out|c_proj|proj|dense|out|resid_dropout)$/,
    ({ attention }) => attention,
  ],
  ["attention-out", /^(?:out_proj|to_out)$/, ({ mlp }) => !mlp],
  ["attention-out", /^0$/, ({ outer }) => /(?:^|\.)to_out$/.test(outer)],
  ["gate", /^(?:w1|gate|gate_proj|wi_0|ffn_gate|linear_gate)$/],
  ["up", /^(?:w3|up|up_proj|wi_1|wi|ffn_up)$/],
  ["down", /^(?:w2|down|down_proj|ffn_down)$/],
  ["up", /^(?:fc1|lin1|fc_in|c_fc|dense_h_to_4h|linear1|linear_in|ffn1)$/],
  ["up", /^dense$/, ({ outer }) => /(?:^|\.)intermediate$/.test(outer)],
  ["down", /^(?:fc2|lin2|fc_out|dense_4h_to_h|linear2|linear_out|ffn2)$/],
  ["down", /^(?:wo|c_proj|proj)$/, ({ mlp, attention }) => mlp && !attention],
  ["down", /^dense$/, ({ outer, attention }) => !attention && /(?:^|\.)output$/.test(outer)],
  ["up", /^0$/, ({ outer }) => /(?:^|\.)(?:mlp|ffn|feed_forward)$/.test(outer)],
  ["down", /^[23]$/, ({ outer }) => /(?:^|\.)(?:mlp|ffn|feed_forward)$/.test(outer)],
  ["convolution", /^(?:conv[0-9]?|conv1d|depthwise_conv|pointwise_conv[12]|dwconv)$/],
];

const projectorRules: readonly Rule[] = [
  ["up", /^(?:0|linear_?1|fc1|up_proj|ffn_up|up)$/],
  ["down", /^(?:2|3|4|linear_?2|fc2|down_proj|ffn_down|down)$/],
];

/** The role that the words of a name give, or "other". `words`: as in NameParts. */
export function roleOfWords(words: readonly string[], where: "layer" | "outside" | "projector"): TensorRole {
  // GGUF's names of stacked and shared experts, and of T5's cross attention, are the plain ones with a mark.
  const last = (words.at(-1) ?? "").replace(/_(?:ch)?exps$|_shexp$/, "").replace(/^cross_attn_/, "attn_");
  const outer = words.slice(0, -1).join(".");
  const context: Context = {
    inLayer: where === "layer",
    attention: /attn|attention/i.test(outer),
    mlp: /mlp|ffn|feed_forward|DenseReluDense|experts?(?:\.|$)|intermediate/.test(outer),
    outer,
  };
  const rules =
    where === "layer" ? blockRules : where === "outside" ? outerRules : [...projectorRules, ...blockRules];
  const found = [...normRules, ...rules].find(
    ([, word, when]) => word.test(last) && (when === undefined || when(context)),
  );
  return found?.[0] ?? "other";
}
