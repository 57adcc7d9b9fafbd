import { memoryWeights } from "@/lib/engine/weights/memory-weights";
import { placeOf } from "@/lib/engine/weights/places";
import type { ReleaseWeights, WeightsConfig, WeightTensor } from "@/lib/engine/weights/release-weights";

/** Llama-shaped weights from a seed: random initialisations and what may be done to them, without any training. */
export type Matrices = ReadonlyMap<string, Matrix>;

export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array;
}

export interface Shape {
  readonly layers: number;
  readonly hidden: number;
  readonly neurons: number;
  readonly vocabulary: number;
}

export const small: Shape = { layers: 3, hidden: 48, neurons: 128, vocabulary: 256 };

/** Uniform on [0, 1): xorshift128 seeded by splitmix32. */
export function uniform(seed: number): () => number {
  const state = new Uint32Array(4);
  let mix = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    state[i] = z ^ (z >>> 16);
  }
  return () => {
    let t = state[3] as number;
    const s = state[0] as number;
    state.copyWithin(1, 0, 3);
    t ^= t << 11;
    t ^= t >>> 8;
    state[0] = t ^ s ^ (s >>> 19);
    return (state[0] as number) / 4294967296;
  };
}

/** Standard normal numbers (Box and Muller). */
export function gaussian(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

export function randomMatrix(seed: number, rows: number, cols: number, scale = 0.02): Matrix {
  const next = gaussian(seed);
  return { rows, cols, values: Float32Array.from({ length: rows * cols }, () => scale * next()) };
}

/** A freshly initialised model; every seed is independent of every other. */
export function randomModel(seed: number, shape: Shape = small): Map<string, Matrix> {
  const { layers, hidden, neurons, vocabulary } = shape;
  const model = new Map<string, Matrix>();
  let part = 0;
  const add = (name: string, rows: number, cols: number, scale?: number) => {
    model.set(name, randomMatrix(seed * 1000 + part++, rows, cols, scale));
  };
  add("model.embed_tokens.weight", vocabulary, hidden);
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    for (const role of ["q", "k", "v", "o"]) add(`${at}.self_attn.${role}_proj.weight`, hidden, hidden);
    add(`${at}.mlp.gate_proj.weight`, neurons, hidden);
    add(`${at}.mlp.up_proj.weight`, neurons, hidden);
    add(`${at}.mlp.down_proj.weight`, hidden, neurons);
    for (const norm of ["input_layernorm", "post_attention_layernorm"]) {
      const next = gaussian(seed * 1000 + part++);
      const values = Float32Array.from({ length: hidden }, () => 1 + 0.1 * next());
      model.set(`${at}.${norm}.weight`, { rows: 1, cols: hidden, values });
    }
  }
  return model;
}

/** Matrices as the engine sees a release; places follow from the names, as for files. */
export function release(matrices: Matrices, config: Partial<WeightsConfig> = {}): ReleaseWeights {
  return memoryWeights(
    [...matrices].map(([name, { rows, cols, values }]) => {
      const shape = rows === 1 ? [cols] : [rows, cols];
      const place = placeOf(name, shape.length);
      const tensor: WeightTensor = {
        name,
        stored: name,
        place,
        dtype: "F32",
        shape,
        rows,
        cols,
        bytes: values.byteLength,
      };
      return { tensor, values };
    }),
    config,
  );
}

/** The same model with some matrices made anew from the old ones. */
export function changed(
  model: Matrices,
  change: (name: string, matrix: Matrix) => Matrix | null,
): Map<string, Matrix> {
  const result = new Map<string, Matrix>();
  for (const [name, matrix] of model) {
    const next = change(name, matrix);
    if (next !== null) result.set(name, next);
  }
  return result;
}

export function noisy(model: Matrices, seed: number, sigma: number): Map<string, Matrix> {
  let part = 0;
  return changed(model, (_, { rows, cols, values }) => {
    const next = gaussian(seed * 77_777 + part++);
    return { rows, cols, values: values.map((value) => value + sigma * next()) };
  });
}

/** Rows taken in another order (row i of the result is row order[i]); −1 gives a row of zeros. */
export function rowsTaken({ cols, values }: Matrix, order: readonly number[]): Matrix {
  const taken = new Float32Array(order.length * cols);
  for (const [to, from] of order.entries()) {
    if (from >= 0) taken.set(values.subarray(from * cols, (from + 1) * cols), to * cols);
  }
  return { rows: order.length, cols, values: taken };
}

export function transposed({ rows, cols, values }: Matrix): Matrix {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) out[col * rows + row] = values[row * cols + col] as number;
  }
  return { rows: cols, cols: rows, values: out };
}

export function columnsTaken(matrix: Matrix, order: readonly number[]): Matrix {
  return transposed(rowsTaken(transposed(matrix), order));
}

/** Neurons of every MLP taken in another order, in gate, up and down alike. */
export function neuronsTaken(
  model: Matrices,
  orderOf: (layer: number, neurons: number) => readonly number[],
): Map<string, Matrix> {
  return changed(model, (name, matrix) => {
    const found = /\.(\d+)\.mlp\.(gate|up|down)_proj/.exec(name);
    if (found === null) return matrix;
    const down = found[2] === "down";
    const order = orderOf(Number(found[1]), down ? matrix.cols : matrix.rows);
    return down ? columnsTaken(matrix, order) : rowsTaken(matrix, order);
  });
}

/** A uniform permutation of 0 … n − 1. */
export function permutation(seed: number, n: number): number[] {
  const next = uniform(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
