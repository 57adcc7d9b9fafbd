import type { ZooModel, ZooTensor } from "../model";
import { Random } from "../trainer/random";
import { mapTensors } from "./noise";

/** What leaves a model's function as it is: permutations, rotations and rescalings of what is inside. */

type Order = readonly number[];

/** Row i of the result is row order[i]. */
function rowsIn(order: Order, { shape, values }: ZooTensor): Float32Array {
  const cols = shape[1]!;
  const out = new Float32Array(values.length);
  order.forEach((from, to) => {
    out.set(values.subarray(from * cols, (from + 1) * cols), to * cols);
  });
  return out;
}

function columnsIn(order: Order, { shape, values }: ZooTensor): Float32Array {
  const cols = shape[1]!;
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += cols) {
    order.forEach((from, to) => {
      out[at + to] = values[at + from]!;
    });
  }
  return out;
}

function layerOf(name: string): number {
  return Number(/\.layers\.(\d+)\./.exec(name)?.[1] ?? -1);
}

function reorderNeurons(model: ZooModel, orders: readonly Order[]): ZooModel {
  return mapTensors(model, (tensor) => {
    const order = orders[layerOf(tensor.name)];
    if (!order) return tensor.values;
    if (/\.(?:gate|up)_proj/.test(tensor.name)) return rowsIn(order, tensor);
    return tensor.name.includes(".down_proj") ? columnsIn(order, tensor) : tensor.values;
  });
}

/** The hidden units of every MLP in another order. */
export function neuronsPermuted(model: ZooModel, seed: string): ZooModel {
  const random = new Random(`neurons ${seed}`);
  return reorderNeurons(
    model,
    Array.from({ length: model.shape.layers }, () => random.permutation(model.shape.mlp)),
  );
}

/** The hidden units of every MLP by falling norm of their rows in up_proj. */
export function neuronsSorted(model: ZooModel): ZooModel {
  const orders = Array.from({ length: model.shape.layers }, (_, layer) => {
    const up = model.tensors.find(({ name }) => name === `model.layers.${layer}.mlp.up_proj.weight`)!;
    const cols = up.shape[1]!;
    const norms = Array.from({ length: model.shape.mlp }, (_, row) =>
      up.values.subarray(row * cols, (row + 1) * cols).reduce((sum, value) => sum + value * value, 0),
    );
    return norms.map((_, row) => row).sort((a, b) => norms[b]! - norms[a]! || a - b);
  });
  return reorderNeurons(model, orders);
}

/** Attention heads in another order: key-value groups, and the query heads inside each. */
export function headsPermuted(model: ZooModel, seed: string): ZooModel {
  const random = new Random(`heads ${seed}`);
  const { layers, heads, kvHeads, headDim } = model.shape;
  const each = heads / kvHeads;
  const channels = (order: Order) =>
    order.flatMap((head) => Array.from({ length: headDim }, (_, i) => head * headDim + i));
  const orders = Array.from({ length: layers }, () => {
    const groups = random.permutation(kvHeads);
    const inside = groups.flatMap((group) => random.permutation(each).map((head) => group * each + head));
    return { narrow: channels(groups), wide: channels(inside) };
  });
  return mapTensors(model, (tensor) => {
    const order = orders[layerOf(tensor.name)];
    if (!order) return tensor.values;
    if (/\.(?:k|v)_proj/.test(tensor.name)) return rowsIn(order.narrow, tensor);
    if (tensor.name.includes(".q_proj")) return rowsIn(order.wide, tensor);
    return tensor.name.includes(".o_proj") ? columnsIn(order.wide, tensor) : tensor.values;
  });
}

/** up × s, down ÷ s, a factor of its own (½ … 2) for every hidden unit. */
export function rescaled(model: ZooModel, seed: string): ZooModel {
  const random = new Random(`scales ${seed}`);
  const { layers, mlp } = model.shape;
  const factors = Array.from({ length: layers }, () =>
    Array.from({ length: mlp }, () => (random.unit() < 0.5 ? 0.5 + random.unit() / 2 : 1 + random.unit())),
  );
  return mapTensors(model, ({ name, shape, values }) => {
    const scale = factors[layerOf(name)];
    const cols = shape[1]!;
    if (!scale) return values;
    if (name.includes(".up_proj")) return values.map((value, i) => value * scale[Math.floor(i / cols)]!);
    return name.includes(".down_proj") ? values.map((value, i) => value / scale[i % cols]!) : values;
  });
}

/**
 * A uniformly random orthogonal matrix: Gaussian rows made orthonormal one after the other (Gram–Schmidt, each twice).
 * Row-major. A product of n random reflections would not do: it keeps e⁻² of every direction.
 */
export function orthogonal(n: number, seed: string): Float64Array {
  const random = new Random(`rotation ${seed}`);
  const q = Float64Array.from({ length: n * n }, () => random.normal());
  for (let i = 0; i < n; i++) {
    const row = q.subarray(i * n, (i + 1) * n);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const before = q.subarray(j * n, (j + 1) * n);
        const part = dot(row, before);
        for (let k = 0; k < n; k++) row[k] = row[k]! - part * before[k]!;
      }
    }
    const length = Math.sqrt(dot(row, row));
    for (let k = 0; k < n; k++) row[k] = row[k]! / length;
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/**
 * The residual stream x becomes Q·x: norm gains are folded into the matrices that read behind them, then every reader
 * is multiplied by Qᵀ on its inputs and every writer by Q on its outputs. RMSNorm without gains commutes with Q.
 * A tied embedding is both, so it comes out untied.
 */
export function rotated(model: ZooModel, seed: string): ZooModel {
  const { hidden, layers, tied } = model.shape;
  const q = orthogonal(hidden, seed);
  const gains = new Map(
    model.tensors.filter(({ shape }) => shape.length === 1).map(({ name, values }) => [name, values]),
  );
  const ones = new Float32Array(hidden).fill(1);
  const final = gains.get("model.norm.weight")!;
  const change = (tensor: ZooTensor): Float32Array => {
    const place = `model.layers.${layerOf(tensor.name)}`;
    if (tensor.shape.length === 1) return ones.slice();
    if (/\.(?:o|down)_proj/.test(tensor.name)) return outputsTurned(tensor, q);
    if (tensor.name === "model.embed_tokens.weight") return inputsTurned(tensor, q, ones);
    if (tensor.name === "lm_head.weight") return inputsTurned(tensor, q, final);
    const norm = /\.(?:q|k|v)_proj/.test(tensor.name) ? "input_layernorm" : "post_attention_layernorm";
    return inputsTurned(tensor, q, gains.get(`${place}.${norm}.weight`)!);
  };
  const turned = mapTensors(model, change);
  if (!tied || layers === 0) return turned;
  const embedding = model.tensors.find(({ name }) => name === "model.embed_tokens.weight")!;
  const head = { ...embedding, name: "lm_head.weight", values: inputsTurned(embedding, q, final) };
  return { ...turned, shape: { ...model.shape, tied: false }, tensors: [...turned.tensors, head] };
}

/** W · diag(gain) · Qᵀ */
function inputsTurned({ shape, values }: ZooTensor, q: Float64Array, gain: Float32Array): Float32Array {
  const n = shape[1]!;
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += n) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += values[at + j]! * gain[j]! * q[i * n + j]!;
      out[at + i] = sum;
    }
  }
  return out;
}

/** Q · W */
function outputsTurned({ shape, values }: ZooTensor, q: Float64Array): Float32Array {
  const [n, cols] = shape as [number, number];
  const out = new Float32Array(values.length);
  const row = new Float64Array(cols);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let j = 0; j < n; j++) {
      const factor = q[i * n + j]!;
      for (let k = 0; k < cols; k++) row[k] = row[k]! + factor * values[j * cols + k]!;
    }
    out.set(row, i * cols);
  }
  return out;
}
