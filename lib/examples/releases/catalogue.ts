import { createHash } from "node:crypto";
import type { HubFile, HubRepository } from "../hub/repository";
import { card, config, licence, tokenizerConfig } from "./documents";
import { seededRandom, shuffled } from "./random";
import { shardedFiles } from "./safetensors";
import {
  fineTuneTensors,
  freshTensors,
  type ModelSize,
  renameTensors,
  type Tensor,
  type TensorNames,
} from "./tensors";
import { type ExampleTokenizer, exampleTokenizer } from "./tokenizer";

/** Names of the fictitious releases. Both laboratories are invented; the prefix says so everywhere. */
export const exampleReleases = {
  original: "example-meridian/heron-vl",
  renamed: "example-tidewater/osprey-vision",
  credited: "example-tidewater/heron-vl-harbour",
  independent: "example-tidewater/plover-vl",
} as const;

const heronNames: TensorNames = {
  language: "language_model",
  vision: "vision_tower",
  projector: "projector",
  attention: ["q_proj", "k_proj", "v_proj", "o_proj"],
  feedForward: ["gate_proj", "up_proj", "down_proj"],
};
const ploverNames: TensorNames = {
  language: "decoder",
  vision: "image_encoder",
  projector: "adapter",
  attention: ["query", "key", "value", "dense"],
  feedForward: ["fc_in", "fc_out"],
};
const heronSpecial = [
  "<|start|>",
  "<|end|>",
  "<|image|>",
  "<|/image|>",
  "<|slice|>",
  "<|/slice|>",
  "<|point|>",
  "<|user|>",
  "<|heron|>",
];
const ploverSpecial = ["<s>", "</s>", "[IMG]", "[/IMG]", "[USER]", "[PLOVER]"];

/** The four example releases, byte for byte the same at every call. */
export function exampleRepositories(): HubRepository[] {
  const heronTokenizer = exampleTokenizer("heron", 600, heronSpecial);
  const heronSize = sizeOf(heronTokenizer, 80, 208, 4);
  const heron = freshTensors("heron", heronSize, heronNames);
  const renamed = renameTensors(heron, {
    language_model: "llm",
    vision_tower: "eye",
    projector: "bridge",
  });
  const ploverTokenizer = exampleTokenizer("plover", 520, ploverSpecial);
  const ploverSize = sizeOf(ploverTokenizer, 64, 256, 5);
  const heronFiles = (tensors: readonly Tensor[], shards: number) => ({
    ...shardedFiles(tensors, shards),
    "tokenizer.json": json(heronTokenizer.document),
    LICENSE: Buffer.from(licence),
  });
  return [
    repository(exampleReleases.original, "2025-02-10T08:00:00.000Z", 214, 5_180, {
      ...heronFiles(heron, 2),
      "config.json": json(config.heron(heronSize)),
      "tokenizer_config.json": json(tokenizerConfig.heron(heronTokenizer)),
      "README.md": Buffer.from(card.heron),
    }),
    repository(exampleReleases.renamed, "2025-04-21T17:30:00.000Z", 377, 9_034, {
      ...heronFiles(shuffled(renamed, seededRandom("osprey/layout")), 3),
      "config.json": json(config.osprey(heronSize)),
      // The same document with another indentation.
      "tokenizer_config.json": Buffer.from(
        `${JSON.stringify(tokenizerConfig.heron(heronTokenizer), null, 4)}\n`,
      ),
      "README.md": Buffer.from(card.osprey),
    }),
    repository(exampleReleases.credited, "2025-05-06T10:15:00.000Z", 58, 1_260, {
      ...heronFiles(fineTuneTensors(heron, "harbour", "language_model"), 2),
      "config.json": json(config.heron(heronSize)),
      "tokenizer_config.json": json(tokenizerConfig.heron(heronTokenizer)),
      "README.md": Buffer.from(card.harbour),
      NOTICE: Buffer.from(
        "Heron-VL, Example Meridian (fictitious), Apache-2.0. Fine-tuned by Example Tidewater.\n",
      ),
    }),
    repository(exampleReleases.independent, "2025-06-18T13:45:00.000Z", 91, 2_417, {
      ...shardedFiles(freshTensors("plover", ploverSize, ploverNames), 2),
      "tokenizer.json": json(ploverTokenizer.document),
      LICENSE: Buffer.from(licence),
      "config.json": json(config.plover(ploverSize)),
      "tokenizer_config.json": json(tokenizerConfig.plover(ploverTokenizer)),
      "README.md": Buffer.from(card.plover),
    }),
  ];
}

const sizeOf = (tokenizer: ExampleTokenizer, hidden: number, inner: number, layers: number): ModelSize => ({
  vocabulary: tokenizer.vocabulary,
  hidden,
  inner,
  layers,
  visionHidden: 48,
  visionLayers: 3,
});

const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

function repository(
  name: string,
  lastModified: string,
  likes: number,
  downloads: number,
  contents: Readonly<Record<string, Buffer>>,
): HubRepository {
  const files = Object.entries(contents).map(([path, bytes]): HubFile => {
    const lfsSha256 = path.endsWith(".safetensors") ? sha("sha256", bytes) : null;
    return { path, bytes, lfsSha256 };
  });
  const lines = files.map((file) => `${file.path} ${sha("sha256", file.bytes ?? new Uint8Array())}`).sort();
  const commit = sha("sha1", `${name}\n${lines.join("\n")}\n`);
  return { name, commit, files, likes, downloads, lastModified, commitTitle: "Release" };
}

function sha(algorithm: "sha1" | "sha256", bytes: string | Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
