import { multiplyTransposed } from "../kernels";
import type { ReleaseWeights, WeightTensor } from "../weights/release-weights";
import { addToSketch, mixed } from "./hashed-sketch";
import { packFloats } from "./packed";
import { type FullFingerprint, sketchWidth } from "./schema";
import type { TokenHashes } from "./token-hashes";

/**
 * The cosines between the embeddings of the anchor tokens (centred on the anchors' mean), sketched under the hashes of
 * both tokens. A rotation of the hidden space, a scale and a new order of the vocabulary leave it as it is. Models that
 * share a tokenizer share much of their geometry, so it describes and proves nothing.
 */
export async function embeddingSketch(
  weights: ReleaseWeights,
  tokens: TokenHashes | null,
  signal?: AbortSignal,
): Promise<FullFingerprint["embeddings"]> {
  const tensor = [...weights.tensors.values()].find(
    ({ place, rows }) => place.role === "embedding" && place.parameter === "weight" && rows > 1,
  );
  if (tensor === undefined || tokens === null) return null;
  const anchors = tokens.smallest.filter(({ id }) => id < tensor.rows);
  if (anchors.length < 2) return null;
  const rows = await readRows(
    weights,
    tensor,
    anchors.map(({ id }) => id),
    signal,
  );
  if (rows === null) return null;
  return {
    anchors: anchors.length,
    sketch: sketchOfCosines(
      rows,
      anchors.map(({ hash }) => hash),
      tensor.cols,
    ),
  };
}

async function readRows(
  weights: ReleaseWeights,
  tensor: WeightTensor,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<Float32Array | null> {
  const { cols } = tensor;
  const read = await Promise.all(ids.map((id) => weights.read(tensor, id * cols, (id + 1) * cols, signal)));
  const rows = new Float32Array(ids.length * cols);
  for (const [index, row] of read.entries()) {
    if (row === null) return null;
    rows.set(row, index * cols);
  }
  return rows;
}

function sketchOfCosines(rows: Float32Array, hashes: readonly string[], cols: number): string {
  const n = hashes.length;
  centre(rows, n, cols);
  const products = multiplyTransposed(rows, rows, n, n, cols);
  const keys = hashes.map((hash) => Number.parseInt(hash.slice(0, 8), 16));
  const sums = new Float64Array(sketchWidth);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const squares = (products[i * n + i] as number) * (products[j * n + j] as number);
      if (!(squares > 0)) continue;
      const key = mixed(mixed(keys[i] as number) + (keys[j] as number));
      addToSketch(sums, key, (products[i * n + j] as number) / Math.sqrt(squares));
    }
  }
  return packFloats(Float32Array.from(sums));
}

function centre(rows: Float32Array, n: number, cols: number): void {
  for (let column = 0; column < cols; column++) {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += rows[row * cols + column] as number;
    const mean = sum / n;
    for (let row = 0; row < n; row++)
      rows[row * cols + column] = (rows[row * cols + column] as number) - mean;
  }
}
