import { describe, expect, it } from "vitest";
import { kolmogorovSmirnov, tailsOf } from "@/tests/null/null-pairs";
import {
  changed,
  gaussian,
  type Matrices,
  type Matrix,
  neuronsTaken,
  noisy,
  permutation,
  randomMatrix,
  randomModel,
  release,
  small,
  uniform,
} from "@/tests/null/synthetic-models";
import { zooWeights } from "@/tests/zoo/weights";
import { zooModel } from "@/tests/zoo/zoo";
import type { Vocabularies } from "./embedding-columns";
import { type IndependenceInput, measureIndependence } from "./measure";
import { independenceReasons } from "./reasons";

const shape = { ...small, hidden: 64 };
const embedding = "model.embed_tokens.weight";
const original = randomModel(1, shape);
const renumbered = (model: Matrices) => neuronsTaken(model, (layer, n) => permutation(layer + 5, n));

type Options = Partial<Pick<IndependenceInput, "ancestors" | "controls" | "vocabularies" | "screened">>;

function measured(a: Matrices, b: Matrices, options: Options = {}, swapped = false) {
  return measureIndependence({
    a: release(a),
    b: release(b),
    swapped,
    seed: "seed",
    ancestors: [],
    controls: [],
    screened: 1,
    ...options,
  });
}

const found = async (a: Matrices, b: Matrices, options: Options = {}) =>
  (await measured(a, b, options)).statistics.embedding;

describe("what has one residual stream", () => {
  it("a copy with renumbered neurons is not independent, and the neurons stay open", async () => {
    const { statistics, log10P, neuronsLog10P } = await measured(
      original,
      renumbered(noisy(original, 3, 0.005)),
    );
    expect(statistics.embedding).toMatchObject({
      refused: null,
      basis: "ids",
      tokens: 256,
      sampled: { start: 0, columns: 64 },
      pooled: { groups: 1, windows: 8, matched: 64, of: 64, expected: 8 },
    });
    expect(log10P).toBeLessThan(-30);
    expect(neuronsLog10P).toBeGreaterThan(-3);
    expect(statistics.multiplicity).toMatchObject({ families: 3, factor: 3 });
    const codes = independenceReasons(statistics, "not-independent", 0, true).map(({ code }) => code);
    expect(codes).toContain("embedding-alone");
  });

  it("is one group: it never adds to the neurons, whose count stays what it was", async () => {
    const { statistics } = await measured(original, noisy(original, 3, 0.005));
    expect(statistics.identity).toMatchObject({ groups: 3, of: 384 });
    expect(statistics.byGroup.map(({ group }) => group)).toEqual(["language-model"]);
  });

  it("tokens meet by their text, whatever their number", async () => {
    const order = permutation(77, 256);
    const moved = changed(renumbered(original), (name, matrix) =>
      name === embedding ? taken(matrix, order) : matrix,
    );
    const texts = (of: (id: number) => number) =>
      new Map(Array.from({ length: 256 }, (_, id) => [`t${of(id)}`, id]));
    const vocabularies = {
      a: texts((id) => id),
      b: texts((id) => order[id] as number),
      ancestors: [],
      controls: [],
    };
    expect((await found(original, moved, { vocabularies })).pooled).toMatchObject({ matched: 64, of: 64 });
    // By number they are other tokens, and nothing is left to see.
    expect((await found(original, moved)).pooled?.matched).toBeLessThan(30);
  });

  it("a rotated stream leaves nothing, and nothing is refused", async () => {
    const { pooled, refused } = await found(
      original,
      changed(original, (name, matrix) => (name === embedding ? mixed(matrix) : matrix)),
    );
    expect(refused).toBeNull();
    expect(pooled?.matched).toBeLessThan(30);
  });

  it("swapping the sides swaps names only", async () => {
    const controls = [release(randomModel(9, shape))];
    const suspect = renumbered(noisy(original, 4, 0.02));
    const [there, back] = [
      await measured(original, suspect, { controls }),
      await measured(original, suspect, { controls }, true),
    ];
    expect(back.log10P).toBe(there.log10P);
    expect(back.statistics.embedding.windows).toEqual(there.statistics.embedding.windows);
    expect(back.statistics.embedding.controls[0]?.against.original).toEqual(
      there.statistics.embedding.controls[0]?.against.suspect,
    );
  });
});

describe("what may have one order without a common origin is refused", () => {
  const other = randomModel(2, shape);
  const withTensors = (model: Matrices, ...more: [string, Matrix][]) => new Map([...model, ...more]);

  it("an ancestor whose columns stand in the same order as a side's", async () => {
    const base = noisy(original, 8, 0.01);
    for (const pair of [
      [original, renumbered(original)],
      [original, other],
      [other, original],
    ] as const) {
      expect((await found(...pair, { ancestors: [release(base)] })).refused).toBe("ancestor-fixes-order");
    }
    // One of another family changes nothing.
    const far = await found(original, other, { ancestors: [release(randomModel(7, shape))] });
    expect(far.refused).toBeNull();
  });

  it("also where the ancestor's tokenizer numbers the tokens otherwise", async () => {
    const order = permutation(78, 256);
    const base = changed(original, (name, matrix) => (name === embedding ? taken(matrix, order) : matrix));
    const texts = (of: (id: number) => number) =>
      new Map(Array.from({ length: 256 }, (_, id) => [`t${of(id)}`, id]));
    const own = texts((id) => id);
    const vocabularies: Vocabularies = {
      a: own,
      b: own,
      ancestors: [async () => texts((id) => order[id] as number)],
      controls: [],
    };
    const input = { ancestors: [release(base)], vocabularies };
    expect((await found(original, renumbered(original), input)).refused).toBe("ancestor-fixes-order");
  });

  it("one public embedding under two bodies: a third model with it, given as a control, shows it", async () => {
    const body = (seed: number) =>
      changed(randomModel(seed, shape), (name, matrix) =>
        name === embedding ? (original.get(embedding) as Matrix) : matrix,
      );
    const controls = [release(body(23))];
    expect((await found(body(21), body(22), { controls })).refused).toBe("control-has-same-order");
    // A control that resembles one side only is no control, and takes nothing from the pair.
    expect((await found(original, other, { controls: [release(original)] })).refused).toBeNull();
    // Nobody named it: the embeddings do have one origin, and the reasons say that nothing else has.
    const unnamed = await measured(body(21), body(22));
    expect(unnamed.log10P).toBeLessThan(-6);
    expect(unnamed.neuronsLog10P).toBeGreaterThan(-3);
  });

  it("a table of positions on either side", async () => {
    const table: [string, Matrix] = ["model.embed_positions.weight", randomMatrix(5, 128, 64)];
    expect((await found(withTensors(original, table), renumbered(original))).refused).toBe("position-table");
    expect((await found(original, withTensors(renumbered(original), table))).refused).toBe("position-table");
    // A vision tower has a stream of its own.
    const tower: [string, Matrix] = ["vision_tower.embed_positions.weight", randomMatrix(5, 128, 64)];
    expect((await found(withTensors(original, tower), renumbered(original))).refused).toBeNull();
  });

  it("two models with a computed sine-cosine table: their norms have biases, or none is known", async () => {
    const bias: [string, Matrix] = ["model.layers.0.input_layernorm.bias", randomMatrix(6, 1, 64)];
    const biased = withTensors(original, bias);
    expect((await found(biased, renumbered(original))).refused).toBe("positions-unknown");
    const bare = changed(original, (name, matrix) => (name.includes("norm") ? null : matrix));
    expect((await found(bare, renumbered(original))).refused).toBe("positions-unknown");
  });

  it("embeddings that started as one-hot codes", async () => {
    const coded = (seed: number) =>
      changed(randomModel(seed, shape), (name, matrix) => {
        if (name !== embedding) return matrix;
        const values = matrix.values.map(
          (value, at) => value / 100 + (at % 65 === 0 && at < 64 * 64 ? 1 : 0),
        );
        return { ...matrix, values };
      });
    expect((await found(coded(31), coded(32))).refused).toBe("constant-start");
  });

  it("other widths, no embedding, too few columns or tokens", async () => {
    const without = changed(original, (name, matrix) => (name === embedding ? null : matrix));
    expect((await found(original, without)).refused).toBe("no-embedding");
    expect((await found(original, randomModel(2, { ...shape, hidden: 72 }))).refused).toBe("other-width");
    const narrow = randomModel(2, small);
    expect((await found(narrow, renumbered(narrow))).refused).toBe("too-few-columns");
    const [a, b] = [new Map([["x", 1]]), new Map([["x", 1]])];
    const vocabularies = { a, b, ancestors: [], controls: [] };
    expect((await found(original, other, { vocabularies })).refused).toBe("too-few-shared-tokens");
  });

  it("a silent embedding alone is no test: without neurons the pair stays untested", async () => {
    const bodiless = (model: Matrices) =>
      changed(model, (name, matrix) => (name.includes(".mlp.") ? null : matrix));
    const { statistics, log10P } = await measured(bodiless(original), bodiless(other));
    expect(statistics.embedding.pooled).not.toBeNull();
    expect(log10P).toBeNull();
    expect((await measured(bodiless(original), bodiless(noisy(original, 2, 0.005)))).log10P).toBeLessThan(-6);
  });
});

describe("independent models", () => {
  it("200 disjoint pairs that share what every corpus has: no flag, and p as uniform as its steps allow", async () => {
    const u = uniform(3);
    const randomised: number[] = [];
    for (let pair = 0; pair < 200; pair++) {
      const { windows, pooled } = await found(frequent(2 * pair), frequent(2 * pair + 1));
      expect(pooled?.log10P).toBeGreaterThan(-6);
      randomised.push(tailsOf(windows.sizes, pooled?.matched ?? 0, u()).randomised);
    }
    expect(kolmogorovSmirnov(randomised)).toBeLessThan(1.95);
  }, 180_000);

  it.each([
    ["base-a", "base-b"],
    ["base-a", "base-d"],
    ["base-a", "distilled"],
    ["sibling-1", "base-b-tuned"],
    ["vlm-other-language-1", "vlm-other-language-2"],
  ])("really trained: %s and %s", { timeout: 60_000 }, async (one, two) => {
    const { statistics } = await measureIndependence({
      a: zooWeights(zooModel(one)),
      b: zooWeights(zooModel(two)),
      swapped: false,
      seed: "zoo",
      ancestors: [],
      controls: [],
      screened: 1,
    });
    expect(statistics.embedding.refused).toBeNull();
    expect(statistics.embedding.pooled?.log10P).toBeGreaterThan(-3);
  });
});

/** Only what the test looks at: every column leans towards how frequent tokens are, as in any model of one tokenizer. */
function frequent(seed: number): Matrices {
  const next = gaussian(50_000 + seed);
  const { rows, cols, values } = randomMatrix(60_000 + seed, 256, 64);
  const lean = Array.from({ length: cols }, () => 0.05 * next());
  return new Map([
    [
      embedding,
      {
        rows,
        cols,
        values: values.map(
          (value, at) => value + (lean[at % cols] as number) * Math.log(1 + Math.floor(at / cols)) * 0.2,
        ),
      },
    ],
    ["model.layers.0.input_layernorm.weight", { rows: 1, cols, values: new Float32Array(cols).fill(1.1) }],
  ]);
}

function taken({ rows, cols, values }: Matrix, order: readonly number[]): Matrix {
  const out = new Float32Array(values.length);
  for (const [to, from] of order.entries())
    out.set(values.subarray(from * cols, (from + 1) * cols), to * cols);
  return { rows, cols, values: out };
}

/** Every column mixed with every other: a Walsh and Hadamard rotation of 64 features. */
function mixed({ rows, cols, values }: Matrix): Matrix {
  const out = Float32Array.from(values);
  for (let row = 0; row < rows; row++) {
    for (let step = 1; step < cols; step *= 2) {
      for (let at = 0; at < cols; at++) {
        if (at & step) continue;
        const [x, y] = [out[row * cols + at] as number, out[row * cols + at + step] as number];
        out[row * cols + at] = (x + y) / Math.SQRT2;
        out[row * cols + at + step] = (x - y) / Math.SQRT2;
      }
    }
  }
  return { rows, cols, values: out };
}
