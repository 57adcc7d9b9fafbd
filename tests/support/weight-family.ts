import { memoryWeights } from "@/lib/engine/weights/memory-weights";
import { gridOf, roundToGrid } from "@/lib/engine/weights/number-grid";
import type { ReleaseWeights, TensorRole, WeightTensor } from "@/lib/engine/weights/release-weights";
import { normals } from "./normals";

/** Synthetic models for tests: weights by tensor name, as METHODS' reference values were computed. */
export type Model = ReadonlyMap<string, Float32Array>;

export interface Shape {
  readonly layers: number;
  readonly rows: number;
  readonly cols: number;
}

const roles: readonly TensorRole[] = ["query", "key", "value", "attention-out", "gate", "up", "down"];

export function names({ layers }: Shape): string[] {
  return Array.from({ length: layers }, (_, layer) =>
    roles.map((role) => `model.layers.${layer}.${role}`),
  ).flat();
}

export function model(shape: Shape, make: (name: string, n: number, index: number) => Float32Array): Model {
  return new Map(names(shape).map((name, i) => [name, make(name, shape.rows * shape.cols, i)]));
}

/** Independent weights of sd .02. */
export function base(shape: Shape, seed: string): Model {
  return model(shape, (name, n) => normals(seed, name, n).map((x) => 0.02 * x));
}

/**
 * What training leaves: a few leading directions and heavy tails, rms `size`, a spread of its own in every tensor.
 * `seed` is the data and its order.
 */
export function training(shape: Shape, seed: string, size: number): Model {
  const { rows, cols } = shape;
  return model(shape, (name, n, index) => {
    const rank = 6;
    const [a, b] = [normals(seed, `${name} a`, rows * rank), normals(seed, `${name} b`, cols * rank)];
    const [x, y] = [normals(seed, `${name} x`, n), normals(seed, `${name} y`, n)];
    const out = new Float32Array(n);
    let square = 0;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++) {
        let low = 0;
        for (let k = 0; k < rank; k++) low += (a[r * rank + k] as number) * (b[c * rank + k] as number);
        const at = r * cols + c;
        out[at] = 0.35 * low + (x[at] as number) * Math.abs(y[at] as number);
        square += (out[at] as number) * (out[at] as number);
      }
    const scale =
      (size * (1 + 0.5 * Math.sin(index * (1 + (seed.codePointAt(0) ?? 0))))) / Math.sqrt(square / n);
    return out.map((value) => value * scale);
  });
}

export function noise(shape: Shape, seed: string, sigma: (index: number) => number): Model {
  return model(shape, (name, n, index) => normals(seed, `noise ${name}`, n).map((x) => sigma(index) * x));
}

/** A weighted sum of models. */
export function mix(...terms: readonly (readonly [number, Model])[]): Model {
  const [[, first]] = terms as [[number, Model]];
  return new Map(
    [...first.keys()].map((name) => {
      const out = new Float64Array((first.get(name) as Float32Array).length);
      for (const [weight, values] of terms) {
        const given = values.get(name) as Float32Array;
        for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + weight * (given[i] as number);
      }
      return [name, Float32Array.from(out)];
    }),
  );
}

export function release(weights: Model, { rows, cols }: Shape, dtype = "BF16"): ReleaseWeights {
  const grid = gridOf(dtype);
  return memoryWeights(
    [...weights].map(([name, values]) => {
      const [, , layer = "0", role = "other"] = name.split(".");
      const lines = Math.round(values.length / cols);
      const tensor: WeightTensor = {
        name,
        stored: name,
        place: {
          role: role as TensorRole,
          parameter: "weight",
          stack: "model.layers",
          layer: Number(layer),
          expert: null,
          group: "language-model",
        },
        dtype,
        shape: [lines, cols],
        rows: lines,
        cols,
        bytes: values.length * (dtype === "F32" ? 4 : 2),
      };
      return { tensor, values: roundToGrid(values, grid), rows };
    }),
  );
}

/** As it would be read back after having been stored. */
export function stored(weights: Model, dtype: string): Model {
  return each(weights, (values) => roundToGrid(values, gridOf(dtype)));
}

export function scaled(weights: Model, factor: (index: number) => number): Model {
  return each(weights, (values, index) => values.map((x) => x * factor(index)));
}

export function spreads(weights: Model): number[] {
  return [...weights.values()].map((values) =>
    Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length),
  );
}

/** To `levels` steps on either side of 0 in every block, and back. */
export function quantised(weights: Model, levels: number, block: number): Model {
  return each(weights, (values) => {
    const out = new Float32Array(values.length);
    for (let from = 0; from < values.length; from += block) {
      const part = values.subarray(from, from + block);
      const largest = part.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      for (const [i, x] of part.entries())
        out[from + i] = (Math.round((x / largest) * levels) * largest) / levels;
    }
    return out;
  });
}

/** The smallest of each tensor set to 0. */
export function pruned(weights: Model, share: number): Model {
  return each(weights, (values) => {
    const least = Float32Array.from(values, Math.abs).sort()[Math.floor(share * values.length)] as number;
    return values.map((x) => (Math.abs(x) < least ? 0 : x));
  });
}

export function rowsScaled(weights: Model, { cols }: Shape): Model {
  return each(weights, (values, index) =>
    values.map((x, at) => x * (1.5 + Math.sin(Math.floor(at / cols) + index))),
  );
}

/** A difference of the given rank and root mean square. */
export function lowRank({ layers, rows, cols }: Shape, seed: string, rank: number, size: number): Model {
  return model({ layers, rows, cols }, (name, n) => {
    const [a, b] = [normals(seed, `${name} a`, rows * rank), normals(seed, `${name} b`, cols * rank)];
    const out = new Float32Array(n);
    for (let at = 0; at < n; at++)
      for (let k = 0; k < rank; k++)
        out[at] =
          (out[at] as number) +
          ((a[Math.floor(at / cols) * rank + k] as number) * (b[(at % cols) * rank + k] as number) * size) /
            Math.sqrt(rank);
    return out;
  });
}

/** The listed layers of a model, in that order, under new numbers. */
export function relayered(weights: Model, layers: readonly number[]): Model {
  return new Map(
    layers.flatMap((layer, index) =>
      roles.map((role) => [
        `model.layers.${index}.${role}`,
        weights.get(`model.layers.${layer}.${role}`) as Float32Array,
      ]),
    ),
  );
}

function each(weights: Model, change: (values: Float32Array, index: number) => Float32Array): Model {
  return new Map([...weights].map(([name, values], index) => [name, change(values, index)]));
}
