import { beforeAll, describe, expect, test } from "vitest";
import { flatOf, modelOf, type ZooModel } from "../model";
import { type Kernels, loadKernels } from "../trainer/kernels";
import { Random } from "../trainer/random";
import { microShape, type Shape } from "../trainer/shape";
import { initialValues } from "../trainer/train";
import { Transformer } from "../trainer/transformer";
import { pruned, quantised, standardDeviation, withNoise, withRelativeNoise } from "./noise";
import { vocabularyExtended, withLayers, zeroNeurons } from "./surgery";
import { headsPermuted, neuronsPermuted, neuronsSorted, orthogonal, rescaled, rotated } from "./symmetry";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
}, 60_000);

const shape: Shape = { ...microShape, heads: 4, kvHeads: 2, headDim: 8 };

/** Random weights, with gains that differ from 1 so that folding them matters. */
function randomModel(tied: boolean): ZooModel {
  const model = modelOf({ ...shape, tied }, initialValues({ ...shape, tied }, "variants"), "F32");
  const random = new Random("gains");
  for (const { shape: dims, values } of model.tensors) {
    if (dims.length === 1) values.set(values.map(() => 0.5 + random.unit()));
  }
  return model;
}

function logits(model: ZooModel, tokens = model.shape.vocabulary): Float32Array {
  kernels.reset();
  const runner = new Transformer(kernels, model.shape, 2);
  runner.values().set(flatOf(model));
  const random = new Random("text");
  runner.forward(Int32Array.from({ length: runner.tokens }, () => random.below(shape.vocabulary)));
  const { vocabulary } = model.shape;
  const all = kernels.view(runner.logits, runner.tokens * vocabulary).slice();
  return all.filter((_, i) => i % vocabulary < tokens);
}

function furthest(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe.each([true, false])("with tied embeddings: %s", (tied) => {
  test.each([
    ["neurons permuted", (model: ZooModel) => neuronsPermuted(model, "1")],
    ["neurons sorted", neuronsSorted],
    ["heads permuted", (model: ZooModel) => headsPermuted(model, "1")],
    ["rescaled", (model: ZooModel) => rescaled(model, "1")],
    ["rotated", (model: ZooModel) => rotated(model, "1")],
    ["zero neurons", (model: ZooModel) => zeroNeurons(model, 16)],
  ])("%s: other weights, the same function", (_, change) => {
    const model = randomModel(tied);
    const changed = change(model);
    const moved = changed.tensors.filter(
      ({ values }, i) =>
        values.length !== model.tensors[i]?.values.length || furthest(values, model.tensors[i]!.values) > 0.1,
    );
    expect(moved.length).toBeGreaterThan(2);
    expect(furthest(logits(changed), logits(model))).toBeLessThan(2e-4);
  });

  test("noise is another function, and so is a model without its second layer", () => {
    const model = randomModel(tied);
    expect(furthest(logits(withNoise(model, 0.01, "1")), logits(model))).toBeGreaterThan(0.01);
    expect(furthest(logits(withLayers(model, [0])), logits(model))).toBeGreaterThan(0.1);
    expect(logits(withLayers(model, [0, 1]))).toEqual(logits(model));
  });

  test("more tokens leave the old ones' logits alone", () => {
    const model = randomModel(tied);
    const longer = vocabularyExtended(model, 16, "1");
    expect(furthest(logits(longer, shape.vocabulary), logits(model))).toBeLessThan(1e-6);
  });
});

test("the rotation is orthogonal and keeps no direction", () => {
  const n = 24;
  const q = orthogonal(n, "1");
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let dot = 0;
      for (let k = 0; k < n; k++) dot += q[i * n + k]! * q[j * n + k]!;
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 12);
    }
  }
  const large = orthogonal(200, "2");
  const trace = Array.from({ length: 200 }, (_, i) => large[i * 201]!).reduce((sum, x) => sum + x, 0);
  expect(Math.abs(trace)).toBeLessThan(5);
});

test("noise has the size it says, quantised values their number of steps, pruned tensors their zeros", () => {
  const model = randomModel(false);
  const up = (of: ZooModel) => of.tensors.find(({ name }) => name.includes("0.mlp.up_proj"))!.values;
  const added = (of: ZooModel) => standardDeviation(up(of).map((value, i) => value - up(model)[i]!));
  expect(added(withNoise(model, 0.01, "1")) / 0.01).toBeCloseTo(1, 1);
  expect(added(withRelativeNoise(model, 0.5, "1")) / standardDeviation(up(model))).toBeCloseTo(0.5, 1);
  const group = up(quantised(model, 7, 32)).subarray(0, 32);
  expect(new Set(group).size).toBeLessThanOrEqual(15);
  const zeros = up(pruned(model)).filter((value) => value === 0).length;
  expect(zeros).toBe(up(model).length / 2);
});
