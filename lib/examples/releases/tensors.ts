import { type Random, seededRandom } from "./random";

export interface Tensor {
  readonly name: string;
  readonly dtype: "BF16" | "F32";
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Sizes of one of the example models: a small image encoder, a projector and a small language model. */
export interface ModelSize {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly inner: number;
  readonly layers: number;
  readonly visionHidden: number;
  readonly visionLayers: number;
}

const filled = (random: Random, length: number, scale: number, centre = 0) =>
  Float32Array.from({ length }, () => centre + random.normal() * scale);

/** Weights as they would come out of training from a seed of their own: independent draws per tensor. */
export function freshTensors(seed: string, size: ModelSize, names: TensorNames): Tensor[] {
  const tensors: Tensor[] = [];
  const matrix = (name: string, rows: number, columns: number) => {
    const random = seededRandom(`${seed}/${name}`);
    const values = filled(random, rows * columns, 1 / Math.sqrt(columns));
    tensors.push({ name, dtype: "BF16", shape: [rows, columns], values });
  };
  const gain = (name: string, length: number) => {
    const values = filled(seededRandom(`${seed}/${name}`), length, 0.05, 1);
    tensors.push({ name, dtype: "F32", shape: [length], values });
  };
  const { hidden, inner, visionHidden } = size;
  const { language, vision, projector } = names;
  matrix(`${language}.embed_tokens.weight`, size.vocabulary, hidden);
  for (let layer = 0; layer < size.layers; layer += 1) {
    const at = `${language}.layers.${layer}`;
    gain(`${at}.input_layernorm.weight`, hidden);
    for (const part of names.attention) matrix(`${at}.self_attn.${part}.weight`, hidden, hidden);
    gain(`${at}.post_attention_layernorm.weight`, hidden);
    for (const part of names.feedForward.slice(0, -1)) matrix(`${at}.mlp.${part}.weight`, inner, hidden);
    matrix(`${at}.mlp.${names.feedForward.at(-1)}.weight`, hidden, inner);
  }
  gain(`${language}.norm.weight`, hidden);
  matrix(`${vision}.patch_embed.weight`, visionHidden, 3 * 8 * 8);
  for (let block = 0; block < size.visionLayers; block += 1) {
    const at = `${vision}.blocks.${block}`;
    gain(`${at}.norm1.weight`, visionHidden);
    matrix(`${at}.attn.qkv.weight`, 3 * visionHidden, visionHidden);
    matrix(`${at}.attn.proj.weight`, visionHidden, visionHidden);
    gain(`${at}.norm2.weight`, visionHidden);
    matrix(`${at}.mlp.fc1.weight`, 2 * visionHidden, visionHidden);
    matrix(`${at}.mlp.fc2.weight`, visionHidden, 2 * visionHidden);
  }
  matrix(`${projector}.query`, 16, visionHidden);
  matrix(`${projector}.kv_proj.weight`, visionHidden, visionHidden);
  matrix(`${projector}.out_proj.weight`, hidden, visionHidden);
  return tensors;
}

export interface TensorNames {
  readonly language: string;
  readonly vision: string;
  readonly projector: string;
  readonly attention: readonly string[];
  /** The last one is the projection back. */
  readonly feedForward: readonly string[];
}

/** The same values under other names: each tensor's longest matching prefix is replaced. */
export function renameTensors(
  tensors: readonly Tensor[],
  prefixes: Readonly<Record<string, string>>,
): Tensor[] {
  return tensors.map((tensor) => {
    const prefix = Object.keys(prefixes).find((one) => tensor.name.startsWith(`${one}.`));
    return prefix ? { ...tensor, name: prefixes[prefix] + tensor.name.slice(prefix.length) } : tensor;
  });
}

/** A short fine-tuning: every language tensor moves a little, the image encoder stays frozen. */
export function fineTuneTensors(tensors: readonly Tensor[], seed: string, moved: string): Tensor[] {
  return tensors.map((tensor) => {
    if (!tensor.name.startsWith(`${moved}.`)) return tensor;
    const random = seededRandom(`${seed}/${tensor.name}`);
    const scale = tensor.dtype === "F32" ? 0.002 : 0.004;
    return { ...tensor, values: tensor.values.map((value) => value + random.normal() * scale) };
  });
}

/** Little-endian bytes. bfloat16 rounds to nearest, ties to even. */
export function tensorBytes(tensor: Tensor): Buffer {
  const { values } = tensor;
  if (tensor.dtype === "F32") {
    const bytes = Buffer.alloc(values.length * 4);
    for (let index = 0; index < values.length; index += 1) bytes.writeFloatLE(values[index] ?? 0, index * 4);
    return bytes;
  }
  const bytes = Buffer.alloc(values.length * 2);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let index = 0; index < values.length; index += 1) {
    const word = words[index] ?? 0;
    bytes.writeUInt16LE(((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff, index * 2);
  }
  return bytes;
}
