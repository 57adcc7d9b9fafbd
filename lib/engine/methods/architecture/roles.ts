import type { TensorGroup } from "../../result/document";

/** Words that different code bases use for one thing. A role only breaks ties; it never makes a pair alone. */
const roles: readonly (readonly [string, RegExp])[] = [
  ["query", /^(?:q|wq|q_proj|query|q_lin|to_q|query_proj)$/],
  ["key", /^(?:k|wk|k_proj|key|k_lin|to_k|key_proj)$/],
  ["value", /^(?:v|wv|v_proj|value|v_lin|to_v|value_proj)$/],
  ["attention-out", /^(?:o|wo|o_proj|out_proj|out_lin|c_proj|to_out|attention_out)$/],
  ["gate", /^(?:w1|gate|gate_proj|wg)$/],
  ["down", /^(?:w2|down|down_proj|fc2|lin2|fc_out|dense_4h_to_h)$/],
  ["up", /^(?:w3|up|up_proj|fc1|lin1|fc_in|dense_h_to_4h)$/],
  ["norm-before", /^(?:input_layernorm|ln_1|ln1|norm1|layer_norm1|attention_norm|pre_attention_norm)$/],
  ["norm-after", /^(?:post_attention_layernorm|ln_2|ln2|norm2|layer_norm2|ffn_norm|pre_mlp_norm)$/],
  ["weight", /^(?:weight|w|kernel|gamma)$/],
  ["bias", /^(?:bias|b|beta)$/],
];

export function roleOf(word: string): string | null {
  return roles.find(([, pattern]) => pattern.test(word))?.[0] ?? null;
}

const vision = /^(?:vpm|vision.*|visual.*|vit|image_encoder|image_tower|siglip.*|clip.*)$/;
const projector = /resampler|projector|connector|abstractor|merger|^mm_proj|^multi_modal/;
const embeddings = /^(?:embed_tokens|wte|word_embeddings|tok_embeddings|embed_in|token_embd)$/;
const head = /^(?:lm_head|embed_out|output_projection)$/;
const language =
  /^(?:llm|language_model|text_model|model|transformer|decoder|backbone|layers|h|blocks|gpt_neox)$/;

const groupOrder: readonly TensorGroup[] = [
  "vision-tower",
  "projector",
  "embeddings",
  "head",
  "language-model",
  "other",
];

/** The part of a model a tensor belongs to, by the words of its name. */
export function groupOf(name: string): TensorGroup {
  const segments = name.split(".");
  const any = (pattern: RegExp) => segments.some((segment) => pattern.test(segment));
  // "projection" deeper down is a patch embedding or an attention output.
  if (segments[0] === "projection" || segments[1] === "projection") return "projector";
  if (segments.slice(0, 3).some((segment) => projector.test(segment))) return "projector";
  if (any(vision)) return "vision-tower";
  if (any(embeddings)) return "embeddings";
  if (any(head)) return "head";
  return any(language) ? "language-model" : "other";
}

const rank = (group: TensorGroup) => groupOrder.indexOf(group);

/** The group of a pair. A telling name on either side is enough, and the order of the sides does not matter. */
export function groupOfPair(a: string, b: string): TensorGroup {
  return firstGroup(groupOf(a), groupOf(b));
}

/** The more telling of two groups. */
export function firstGroup(a: TensorGroup, b: TensorGroup): TensorGroup {
  return groupOrder[Math.min(rank(a), rank(b))] as TensorGroup;
}

export function byGroupOrder(a: TensorGroup, b: TensorGroup): number {
  return rank(a) - rank(b);
}
