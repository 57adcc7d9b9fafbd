import type { ZooModel, ZooTensor } from "../model";
import { Random } from "../trainer/random";
import { standardDeviation } from "./noise";

/** What changes the structure: layers, vocabulary, neurons, experts. */

/** Layer i of the result is layer picked[i] of the model; layers may be left out or repeated. */
export function withLayers(model: ZooModel, picked: readonly number[]): ZooModel {
  const isLayer = /^model\.layers\.(\d+)\./;
  const before = model.tensors.findIndex(({ name }) => isLayer.test(name));
  const outside = model.tensors.filter(({ name }) => !isLayer.test(name));
  const layers = picked.flatMap((from, to) =>
    model.tensors
      .filter(({ name }) => isLayer.exec(name)?.[1] === String(from))
      .map((tensor) => ({ ...tensor, name: tensor.name.replace(isLayer, `model.layers.${to}.`) })),
  );
  return {
    ...model,
    shape: { ...model.shape, layers: picked.length },
    tensors: [...outside.slice(0, before), ...layers, ...outside.slice(before)],
  };
}

/** New tokens at the end: rows drawn around the mean row. */
export function vocabularyExtended(model: ZooModel, count: number, seed: string): ZooModel {
  const random = new Random(`new tokens ${seed}`);
  const grow = (tensor: ZooTensor): ZooTensor => {
    const [rows, cols] = tensor.shape as [number, number];
    const sd = standardDeviation(tensor.values);
    const values = new Float32Array((rows + count) * cols);
    values.set(tensor.values);
    for (let i = rows * cols; i < values.length; i++) values[i] = sd * random.normal();
    return { ...tensor, shape: [rows + count, cols], values };
  };
  return {
    ...model,
    shape: { ...model.shape, vocabulary: model.shape.vocabulary + count },
    tensors: model.tensors.map((tensor) =>
      /(?:embed_tokens|lm_head)/.test(tensor.name) ? grow(tensor) : tensor,
    ),
  };
}

/** Hidden units that do nothing at the end of every MLP: zero rows in gate and up, zero columns in down. */
export function zeroNeurons(model: ZooModel, count: number): ZooModel {
  const mlp = model.shape.mlp + count;
  const pad = (tensor: ZooTensor): ZooTensor => {
    if (/\.(?:gate|up)_proj/.test(tensor.name)) {
      const cols = tensor.shape[1]!;
      const values = new Float32Array(mlp * cols);
      values.set(tensor.values);
      return { ...tensor, shape: [mlp, cols], values };
    }
    if (!tensor.name.includes(".down_proj")) return tensor;
    const [rows, cols] = tensor.shape as [number, number];
    const values = new Float32Array(rows * mlp);
    for (let r = 0; r < rows; r++) values.set(tensor.values.subarray(r * cols, (r + 1) * cols), r * mlp);
    return { ...tensor, shape: [rows, mlp], values };
  };
  return { ...model, shape: { ...model.shape, mlp }, tensors: model.tensors.map(pad) };
}

/** Everything of one model but its MLPs, which are another's. */
export function withMlpsOf(model: ZooModel, mlps: ZooModel): ZooModel {
  const others = new Map(mlps.tensors.map((tensor) => [tensor.name, tensor]));
  const tensors = model.tensors.map((tensor) =>
    tensor.name.includes(".mlp.") ? (others.get(tensor.name) ?? tensor) : tensor,
  );
  return { ...model, tensors };
}

/** A mixture of experts in Mixtral's layout: each expert a copy of the MLP with a little noise, the router random. */
export function upcycled(model: ZooModel, experts: number, seed: string): ZooModel {
  const random = new Random(`experts ${seed}`);
  const words = { gate: "w1", up: "w3", down: "w2" } as const;
  const { hidden } = model.shape;
  const tensors = model.tensors.flatMap((tensor): ZooTensor[] => {
    const match = /^(model\.layers\.\d+)\.mlp\.(gate|up|down)_proj\.weight$/.exec(tensor.name);
    if (!match) return [tensor];
    const sd = 0.02 * standardDeviation(tensor.values);
    const word = words[match[2] as keyof typeof words];
    const copies = Array.from({ length: experts }, (_, e) => ({
      ...tensor,
      name: `${match[1]}.block_sparse_moe.experts.${e}.${word}.weight`,
      values: tensor.values.map((value) => value + sd * random.normal()),
    }));
    if (match[2] !== "gate") return copies;
    const router = Float32Array.from({ length: experts * hidden }, () => 0.05 * random.normal());
    return [
      { name: `${match[1]}.block_sparse_moe.gate.weight`, shape: [experts, hidden], values: router },
      ...copies,
    ];
  });
  return { ...model, tensors };
}
