import type { ZooModel, ZooTensor } from "../model";
import { Random } from "../trainer/random";

/** The same model with every tensor's values replaced. */
export function mapTensors(model: ZooModel, change: (tensor: ZooTensor) => Float32Array): ZooModel {
  return {
    ...model,
    tensors: model.tensors.map((tensor) => ({ ...tensor, values: change(tensor) })),
  };
}

/** + N(0, σ), the same σ everywhere. */
export function withNoise(model: ZooModel, sigma: number, seed: string): ZooModel {
  const random = new Random(`noise ${seed}`);
  return mapTensors(model, ({ values }) => values.map((value) => value + sigma * random.normal()));
}

/** + N(0, part × the tensor's own standard deviation). */
export function withRelativeNoise(model: ZooModel, part: number, seed: string): ZooModel {
  const random = new Random(`relative noise ${seed}`);
  return mapTensors(model, ({ values }) => {
    const sigma = part * standardDeviation(values);
    return values.map((value) => value + sigma * random.normal());
  });
}

export function standardDeviation(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
}

/** a·(1 − part) + b·part, tensor by tensor. */
export function merged(a: ZooModel, b: ZooModel, part: number): ZooModel {
  const others = new Map(b.tensors.map((tensor) => [tensor.name, tensor.values]));
  return mapTensors(a, ({ name, values }) => {
    const other = others.get(name)!;
    return values.map((value, i) => value * (1 - part) + other[i]! * part);
  });
}

/** The smaller half of each layer matrix, by magnitude, set to zero. */
export function pruned(model: ZooModel, part = 0.5): ZooModel {
  return mapTensors(model, ({ name, shape, values }) => {
    if (shape.length < 2 || !name.includes(".layers.")) return values;
    const sizes = values.map(Math.abs).sort();
    const edge = sizes[Math.floor(sizes.length * part)]!;
    return values.map((value) => (Math.abs(value) < edge ? 0 : value));
  });
}

/** Only the gains of the norms moved, by a few parts in a hundred: the least that a fine-tune can touch. */
export function normsTuned(model: ZooModel, seed: string): ZooModel {
  const random = new Random(`norms ${seed}`);
  return mapTensors(model, ({ shape, values }) =>
    shape.length > 1 ? values : values.map((value) => value * (1 + 0.05 * random.normal())),
  );
}

/** Rounded to a grid of 2·top + 1 steps over each run of `group` values of a row (whole rows for Infinity), and back. */
export function quantised(model: ZooModel, top: number, group: number): ZooModel {
  return mapTensors(model, ({ name, shape, values }) => {
    const cols = shape[1];
    if (cols === undefined || !name.includes(".layers.")) return values;
    const length = Math.min(group, cols);
    const out = values.slice();
    for (let at = 0; at < out.length; at += length) {
      const run = out.subarray(at, at + length);
      const step = run.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / top;
      if (step > 0) run.set(run.map((value) => Math.round(value / step) * step));
    }
    return out;
  });
}
