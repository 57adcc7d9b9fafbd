import { normals } from "@/lib/engine/statistics/normals";
import { memoryWeights } from "@/lib/engine/weights/memory-weights";
import { gridOf, roundToGrid } from "@/lib/engine/weights/number-grid";
import type { ReleaseWeights, TensorRole, WeightTensor } from "@/lib/engine/weights/release-weights";

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
