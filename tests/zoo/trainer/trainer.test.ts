import { beforeAll, describe, expect, test } from "vitest";
import { type Kernels, loadKernels } from "./kernels";
import { naturalLog, Random } from "./random";
import { microShape, type Shape } from "./shape";
import { initialValues } from "./train";
import { Transformer } from "./transformer";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
}, 60_000);

const small: Shape = { ...microShape, vocabulary: 64, context: 16, kvHeads: 1 };

describe.each([true, false])("gradients with tied embeddings: %s", (tied) => {
  const shape = { ...small, tied };

  test("agree with central differences along a direction in every tensor", () => {
    kernels.reset();
    const model = new Transformer(kernels, shape, 2);
    const random = new Random("gradients");
    const draw = () => Int32Array.from({ length: model.tokens }, () => random.below(shape.vocabulary));
    const inputs = draw();
    const targets = kernels.floats(model.tokens);
    kernels.ids(targets, model.tokens).set(draw());
    model.values().set(initialValues(shape, "gradients"));
    const loss = () => {
      model.forward(inputs);
      kernels.call.softmaxRows(model.logits, model.tokens, shape.vocabulary);
      return kernels.call.crossEntropy(model.logits, targets, model.tokens, shape.vocabulary);
    };
    loss();
    model.backward();
    const gradients = kernels.view(model.gradients, model.size).slice();
    for (const { name, at, size } of model.list) {
      const own = gradients.subarray(at, at + size);
      const length = Math.sqrt(own.reduce((sum, g) => sum + g * g, 0));
      const direction = own.map((g) => g / length + random.normal() / Math.sqrt(size));
      const expected = own.reduce((sum, g, i) => sum + g * direction[i]!, 0);
      const kept = model.values().slice(at, at + size);
      const shifted = (by: number) => {
        model.values().set(
          kept.map((w, i) => w + by * direction[i]!),
          at,
        );
        return loss();
      };
      const slope = (shifted(0.01) - shifted(-0.01)) / 0.02;
      model.values().set(kept, at);
      expect(Math.abs(slope / expected - 1), name).toBeLessThan(0.01);
    }
  });
});

test("attention looks back only", () => {
  kernels.reset();
  const model = new Transformer(kernels, small, 1);
  model.values().set(initialValues(small, "causal"));
  const ids = Int32Array.from({ length: small.context }, (_, i) => i);
  const logits = () => kernels.view(model.logits, model.tokens * small.vocabulary).slice();
  model.forward(ids);
  const before = logits();
  ids[10] = 60;
  model.forward(ids);
  const after = logits();
  const row = (all: Float32Array, t: number) => all.slice(t * small.vocabulary, (t + 1) * small.vocabulary);
  for (let t = 0; t < 10; t++) expect(row(after, t)).toEqual(row(before, t));
  expect(row(after, 10)).not.toEqual(row(before, 10));
});

test("products agree with plain loops for every layout of the factors", () => {
  kernels.reset();
  const [m, n, k] = [12, 16, 20];
  const random = new Random("products");
  const fill = (count: number) => {
    const at = kernels.floats(count);
    for (let i = 0; i < count; i++) kernels.view(at, count)[i] = random.normal();
    return at;
  };
  const [a, b, c] = [fill(m * k), fill(k * n), kernels.floats(m * n)] as [number, number, number];
  const scratch = kernels.floats(1000);
  for (const [ai, ak] of [
    [k, 1],
    [1, m],
  ] as const) {
    for (const [bk, bj] of [
      [n, 1],
      [1, k],
    ] as const) {
      kernels.call.gemm(c, n, a, ai, ak, b, bk, bj, m, n, k, 0, scratch);
      const [va, vb] = [kernels.view(a, m * k), kernels.view(b, k * n)];
      kernels.view(c, m * n).forEach((value, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        let sum = 0;
        for (let l = 0; l < k; l++) sum += va[i * ai + l * ak]! * vb[l * bk + j * bj]!;
        expect(value).toBeCloseTo(sum, 4);
      });
    }
  }
});

test("seeded numbers have the moments they should, and the logarithm its values", () => {
  const random = new Random("moments");
  const draws = Array.from({ length: 20000 }, () => random.normal());
  const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.03);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.05);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.3);
  expect(new Random("moments").normal()).toBe(draws[0]);
  for (const x of [1e-300, 1e-9, 0.3, 0.99, 1, 1.7, 1e9]) expect(naturalLog(x)).toBeCloseTo(Math.log(x), 12);
});
