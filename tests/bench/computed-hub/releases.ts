import { createHash } from "node:crypto";
import type { HubFile, HubRepository } from "@/lib/examples/hub/repository";
import { type LlamaShape, type ShapeName, shapes } from "./shapes";
import { tokenizerFile } from "./tokenizer-file";
import type { Layer, Recipe } from "./values";
import { weightFiles } from "./weight-files";

/** What is served of every shape; the truth is in the recipe. */
export const releaseNames = [
  "base",
  "original",
  "noisy-copy",
  "fine-tune",
  "sibling",
  "independent",
] as const;
export type ReleaseName = (typeof releaseNames)[number];

const training = (seed: number): Layer => ({ kind: "training", seed, size: 1e-3 });
const ofBase: Recipe = { seed: 11, changes: [] };
const ofOriginal: Recipe = { ...ofBase, changes: [training(21)] };

const recipes: Readonly<Record<ReleaseName, Recipe>> = {
  base: ofBase,
  original: ofOriginal,
  // Of the original: noise of sd 1e-3 under other names, in other files.
  "noisy-copy": { ...ofOriginal, changes: [...ofOriginal.changes, { kind: "noise", seed: 31, size: 1e-3 }] },
  // Of the original: trained further.
  "fine-tune": { ...ofOriginal, changes: [...ofOriginal.changes, training(41)] },
  // Of the base: another training, not of the original.
  sibling: { ...ofBase, changes: [training(51)] },
  independent: { seed: 61, changes: [training(71)] },
};

const tokenizers = new Map<number, Buffer>();

/** One release as a repository "SHAPE/NAME" of the loopback Hub. */
export function computedRepository(shapeName: ShapeName, name: ReleaseName): HubRepository {
  const shape: LlamaShape = shapes[shapeName];
  const renamed = name === "noisy-copy";
  const tokens = shape.vocabulary - 256;
  const tokenizer = tokenizers.get(tokens) ?? tokenizerFile(tokens);
  tokenizers.set(tokens, tokenizer);
  const files: HubFile[] = [
    text("config.json", JSON.stringify(configOf(shape, renamed), null, 2)),
    text(
      "README.md",
      `---\nlicense: other\n---\n# ${shapeName} ${name}\n\nComputed on request; of no use.\n`,
    ),
    { path: "tokenizer.json", bytes: tokenizer },
    ...weightFiles({
      shape: renamed ? { ...shape, shardBytes: shape.shardBytes / 2 } : shape,
      recipe: recipes[name],
      rename: renamed ? otherName : (own) => own,
      stem: renamed ? "heron" : "model",
    }),
  ];
  const commit = createHash("sha1")
    .update(JSON.stringify([shapeName, name, shape, recipes[name]]))
    .digest("hex");
  const facts = { likes: 0, downloads: 0, lastModified: "2026-01-01T00:00:00.000Z" };
  return { ...facts, name: `${shapeName}/${name}`, commit, files };
}

function text(path: string, content: string): HubFile {
  return { path, bytes: Buffer.from(content) };
}

function otherName(name: string): string {
  return name
    .replace(/^model\.layers\./, "heron.blocks.")
    .replace(/^model\./, "heron.")
    .replace(".self_attn.", ".attention.")
    .replace(".mlp.", ".ffn.");
}

function configOf(shape: LlamaShape, renamed: boolean) {
  return {
    architectures: [renamed ? "HeronForCausalLM" : "LlamaForCausalLM"],
    model_type: renamed ? "heron" : "llama",
    hidden_size: shape.hidden,
    intermediate_size: shape.mlp,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    vocab_size: shape.vocabulary,
    hidden_act: "silu",
    max_position_embeddings: 8192,
    rms_norm_eps: 1e-5,
    rope_theta: 500000,
    tie_word_embeddings: false,
    torch_dtype: "bfloat16",
  };
}
