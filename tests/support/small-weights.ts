import { createHash } from "node:crypto";
import { memoryWeights } from "@/lib/engine/weights/memory-weights";
import type { ReleaseWeights, TensorRole, WeightTensor } from "@/lib/engine/weights/release-weights";

/** Fair 32-bit numbers from a word: Marsaglia's xorshift32, seeded by SHA-256. Fast, and the same everywhere. */
export function quickRandom(seed: string): () => number {
  let state = createHash("sha256").update(seed).digest().readUInt32BE(0) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** Values about N(0, sd): the sum of four uniforms. The same for one seed on every machine. */
export function gaussians(seed: string, count: number, sd = 0.02): Float32Array {
  const next = quickRandom(seed);
  const factor = Math.sqrt(3) * sd;
  return Float32Array.from({ length: count }, () => (next() + next() + next() + next() - 2) * factor);
}

export interface SmallShape {
  readonly layers?: number;
  readonly hidden?: number;
  readonly inner?: number;
  readonly vocabulary?: number;
}

/** A small language model of random weights: embedding, and gate, up, down and a norm in each layer. */
export function smallTensors(
  seed: string,
  { layers = 2, hidden = 96, inner = 256, vocabulary = 400 }: SmallShape = {},
): { tensor: WeightTensor; values: Float32Array }[] {
  const made = [matrix("embed.weight", "embedding", null, vocabulary, hidden, seed)];
  for (let layer = 0; layer < layers; layer++) {
    const name = (part: string) => `layers.${layer}.${part}.weight`;
    made.push(
      matrix(name("down"), "down", layer, hidden, inner, seed),
      matrix(name("gate"), "gate", layer, inner, hidden, seed),
      matrix(name("up"), "up", layer, inner, hidden, seed),
    );
    const norm = matrix(name("norm"), "norm-mlp", layer, 1, hidden, seed);
    made.push({ ...norm, values: norm.values.map((value) => 1 + value) });
  }
  return made;
}

export function smallWeights(seed: string, shape: SmallShape = {}): ReleaseWeights {
  return memoryWeights(smallTensors(seed, shape));
}

function matrix(
  name: string,
  role: TensorRole,
  layer: number | null,
  rows: number,
  cols: number,
  seed: string,
): { tensor: WeightTensor; values: Float32Array } {
  return {
    tensor: {
      name,
      stored: name,
      place: {
        role,
        parameter: "weight",
        stack: layer === null ? null : "layers",
        layer,
        expert: null,
        group: role === "embedding" ? "embeddings" : "language-model",
      },
      dtype: "F32",
      shape: rows === 1 ? [cols] : [rows, cols],
      rows,
      cols,
      bytes: rows * cols * 4,
    },
    values: gaussians(`${seed} ${name}`, rows * cols),
  };
}

/** The same model under the names that Llama's tensors have. */
export function llamaTensors(
  seed: string,
  shape: SmallShape = {},
): Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }> {
  return new Map(
    smallTensors(seed, shape).map(({ tensor, values }) => [
      tensor.name
        .replace("embed", "model.embed_tokens")
        .replace(/^layers\.(\d+)\.(gate|up|down)/, "model.layers.$1.mlp.$2_proj")
        .replace(/^layers\.(\d+)\.norm/, "model.layers.$1.post_attention_layernorm"),
      { shape: tensor.shape, values },
    ]),
  );
}
