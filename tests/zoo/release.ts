import { createHash } from "node:crypto";
import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { memoryRelease } from "../support/memory-release";
import { lexicon } from "./data/corpus";
import { safetensorsBytes, type ZooModel, type ZooTensor } from "./model";
import { Random } from "./trainer/random";
import { ggufBytes } from "./variants/gguf";

/** How a model is laid out as a repository. */
export interface ReleaseLayout {
  /** Token texts by id; the family's own where not given. */
  readonly words?: readonly string[];
  readonly renamed?: (name: string) => string;
  /** Seed of another order of the tensors. */
  readonly shuffled?: string;
  /** Number of files; 1 where not given. */
  readonly shards?: number;
  /** Base model that the card names. */
  readonly declares?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** One GGUF file of this block type and a card, nothing else. */
  readonly gguf?: "Q8_0" | "Q4_0";
}

/** A repository in memory with weights, configuration, tokenizer and card. */
export function releaseOf(name: string, model: ZooModel, layout: ReleaseLayout = {}): ReleaseReader {
  const named = model.tensors.map((tensor) => ({
    ...tensor,
    name: layout.renamed?.(tensor.name) ?? tensor.name,
  }));
  const order = layout.shuffled && new Random(`order ${layout.shuffled}`).permutation(named.length);
  const tensors = order ? order.map((i) => named[i]!) : named;
  const words = layout.words ?? lexicon.words;
  const repository = `zoo/${name}`;
  const files = layout.gguf
    ? [{ path: `${name}.gguf`, content: ggufBytes(model, words, layout.gguf) }]
    : [
        ...weightFiles(tensors, model, layout.shards ?? 1),
        { path: "config.json", content: { ...configOf(model), ...layout.config } },
        { path: "tokenizer.json", content: tokenizerOf(words, model.shape.vocabulary) },
      ];
  return memoryRelease([...files, { path: "README.md", content: cardOf(name, layout.declares) }], {
    repository,
    commit: createHash("sha1").update(repository).digest("hex"),
  });
}

function weightFiles(tensors: readonly ZooTensor[], { dtype }: ZooModel, shards: number) {
  if (shards === 1) return [{ path: "model.safetensors", content: safetensorsBytes(tensors, dtype) }];
  const pad = (n: number) => String(n).padStart(5, "0");
  const each = Math.ceil(tensors.length / shards);
  const map: Record<string, string> = {};
  let total = 0;
  const files = Array.from({ length: shards }, (_, i) => {
    const path = `model-${pad(i + 1)}-of-${pad(shards)}.safetensors`;
    const part = tensors.slice(i * each, (i + 1) * each);
    for (const { name, values } of part) {
      map[name] = path;
      total += values.length * (dtype === "F32" ? 4 : 2);
    }
    return { path, content: safetensorsBytes(part, dtype) };
  });
  const index = { metadata: { total_size: total }, weight_map: map };
  return [...files, { path: "model.safetensors.index.json", content: index }];
}

function configOf({ shape, dtype }: ZooModel) {
  return {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_act: "silu",
    hidden_size: shape.hidden,
    intermediate_size: shape.mlp,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    num_hidden_layers: shape.layers,
    head_dim: shape.headDim,
    max_position_embeddings: shape.context,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: shape.tied,
    torch_dtype: { BF16: "bfloat16", F16: "float16", F32: "float32" }[dtype],
    vocab_size: shape.vocabulary,
  };
}

/** Whole words, one token each, as the `tokenizers` library writes them. */
function tokenizerOf(words: readonly string[], vocabulary: number) {
  const extra = Array.from({ length: vocabulary - words.length }, (_, i) => `<extra_${i}>`);
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: words.slice(0, 5).map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: null,
    decoder: null,
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries([...words, ...extra].map((word, id) => [word, id])),
      unk_token: "<unk>",
    },
  };
}

function cardOf(name: string, declares: string | undefined): string {
  const base = declares === undefined ? "" : `base_model: zoo/${declares}\n`;
  return `---\nlicense: apache-2.0\n${base}tags:\n- zoo\n---\n# ${name}\n\nA small model of the lineage zoo.\n`;
}

const otherWords: readonly (readonly [RegExp, string])[] = [
  [/^model\.embed_tokens\./, "backbone.wte."],
  [/^model\.norm\./, "backbone.ln_f."],
  [/^model\.layers\./, "backbone.blocks."],
  [/\.self_attn\.q_proj\./, ".attn.wq."],
  [/\.self_attn\.k_proj\./, ".attn.wk."],
  [/\.self_attn\.v_proj\./, ".attn.wv."],
  [/\.self_attn\.o_proj\./, ".attn.wo."],
  [/\.mlp\.gate_proj\./, ".ffn.w1."],
  [/\.mlp\.down_proj\./, ".ffn.w2."],
  [/\.mlp\.up_proj\./, ".ffn.w3."],
  [/\.input_layernorm\./, ".attention_norm."],
  [/\.post_attention_layernorm\./, ".ffn_norm."],
];

/** The same tensors under the words of another code base. */
export function inOtherWords(name: string): string {
  return otherWords.reduce((renamed, [pattern, word]) => renamed.replace(pattern, word), name);
}
