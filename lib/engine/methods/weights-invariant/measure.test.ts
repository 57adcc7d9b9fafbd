import { describe, expect, it } from "vitest";
import {
  changed,
  type Matrices,
  type Matrix,
  neuronsTaken,
  noisy,
  permutation,
  randomModel,
  release,
  small,
  transposed,
  uniform,
} from "@/tests/null/synthetic-models";
import { measureIndependence } from "../weights-independence/measure";
import { adoptedPlaces } from "../weights-independence/neuron-groups";
import { type InvariantFinding, measureInvariant } from "./measure";

interface Options {
  readonly controls?: readonly Matrices[];
  readonly screened?: number;
  readonly vocabularies?: readonly [ReadonlyMap<string, number>, ReadonlyMap<string, number>];
  readonly config?: Parameters<typeof release>[1];
}

async function measured(
  a: Matrices,
  b: Matrices,
  { controls = [], screened = 1, vocabularies, config }: Options = {},
  swapped = false,
): Promise<InvariantFinding> {
  const input = {
    a: release(a, config),
    b: release(b, config),
    swapped,
    seed: "seed",
    ancestors: [],
    controls: controls.map((control) => release(control)),
    screened,
  };
  const independence = await measureIndependence(input);
  return measureInvariant(
    {
      ...input,
      vocabularies: {
        a: vocabularies?.[0] ?? null,
        b: vocabularies?.[1] ?? null,
        controls: controls.map(() => null),
      },
      places: adoptedPlaces([]),
    },
    independence,
  );
}

const original = randomModel(1);
const controls = [randomModel(101), randomModel(102)];

describe("a rotated residual stream", () => {
  it("is seen through tokens, gains folded or not, and named", async () => {
    const { statistics, log10P } = await measured(original, rotated(original, 7));
    expect(statistics.products?.pooled).toMatchObject({ matched: 384, of: 384 });
    expect(log10P).toBe(-6);
    expect(statistics.products?.log10Granted).toBeLessThan(-100);
    expect(statistics.products?.gains).toEqual({ original: 3, suspect: 3 });
    expect(statistics.search).toBeNull();
    expect(statistics.transformations).toEqual(["rotated"]);
  });

  it("prints no p below the floor, but counts models screened before that", async () => {
    expect((await measured(original, rotated(original, 7), { screened: 1e6 })).log10P).toBe(-6);
  });

  it("tokens are found by their texts where ids moved", async () => {
    const order = permutation(3, small.vocabulary);
    const moved = changed(rotated(original, 7), (name, matrix) =>
      name.includes("embed") ? { ...matrix, values: rowsOf(matrix, order) } : matrix,
    );
    const ids = (place: (id: number) => number) =>
      new Map(Array.from({ length: small.vocabulary }, (_, id) => [`t${id}`, place(id)] as const));
    const at = new Map(order.map((from, to) => [from, to]));
    const vocabularies = [ids((id) => id), ids((id) => at.get(id) ?? 0)] as const;
    const { statistics } = await measured(original, moved, { vocabularies });
    expect(statistics.products?.tokens).toEqual({ basis: "strings", shared: 256, taken: 256 });
    expect(statistics.products?.pooled?.matched).toBe(384);
    // Without texts equal ids stand for equal tokens, and nothing is seen.
    expect((await measured(original, moved)).log10P).toBeGreaterThan(-3);
  });
});

describe("rescaled neurons", () => {
  it("are matched as they are, and named", async () => {
    const next = uniform(5);
    const factors = Array.from({ length: small.neurons }, () => 0.5 + 2 * next());
    const suspect = changed(original, (name, matrix) => {
      if (name.includes("up_proj")) return scaledRows(matrix, factors);
      if (name.includes("down_proj"))
        return transposed(
          scaledRows(
            transposed(matrix),
            factors.map((f) => 1 / f),
          ),
        );
      return matrix;
    });
    const { statistics } = await measured(original, suspect);
    expect(statistics.products?.pooled?.matched).toBe(384);
    expect(statistics.transformations).toEqual(["rescaled"]);
  });
});

describe("independent models", () => {
  it("show nothing, of one width or two", async () => {
    for (const seed of [2, 3]) {
      const { statistics, log10P } = await measured(original, randomModel(seed), { controls });
      expect(log10P).toBeGreaterThan(-3);
      expect(statistics.search).toMatchObject({ by: "rows", found: false, matchedRows: null });
      expect(statistics.transformations).toEqual([]);
    }
    const wide = await measured(original, randomModel(4, { ...small, hidden: 64 }));
    expect(wide.log10P).toBeGreaterThan(-3);
    expect(wide.statistics.products?.hidden).toEqual({ original: 48, suspect: 64 });
  });

  it("rows are granted to what like data makes alike", async () => {
    const { statistics } = await measured(original, randomModel(2));
    expect(statistics.products?.granted).toBe(Math.ceil(0.15 * 48));
    expect(statistics.products?.log10Granted).toBeGreaterThanOrEqual(
      statistics.products?.pooled?.log10P ?? 0,
    );
  });
});

describe("renumbered neurons", () => {
  const permuted = neuronsTaken(original, (layer, n) => permutation(40 + layer, n));

  it("are found again, with two controls", async () => {
    const { statistics, log10P } = await measured(original, permuted, { controls });
    expect(log10P).toBeGreaterThan(-3);
    expect(statistics.search).toMatchObject({
      by: "rows",
      agree: 128,
      references: 128,
      found: true,
      calibratedBy: 2,
    });
    expect(statistics.search?.matchedRows).toMatchObject({ cosine: 1, equal: 1, residual: 0 });
    expect(statistics.transformations).toEqual(["permuted"]);
  });

  it("are found in the first expert of a mixture grown from them, from either side; not in an unrelated one", async () => {
    const grown = (model: Matrices) =>
      new Map(
        [...model].flatMap(([name, matrix]): [string, Matrix][] =>
          name.includes(".mlp.")
            ? [0, 1].map((expert) => [name.replace(".mlp.", `.mlp.experts.${expert}.`), matrix])
            : [[name, matrix]],
        ),
      );
    for (const [a, b] of [
      [original, grown(permuted)],
      [grown(permuted), original],
    ] as const) {
      const { statistics } = await measured(a, b, { controls });
      expect(statistics.search).toMatchObject({ agree: 128, found: true, calibratedBy: 2 });
      expect(statistics.transformations).toEqual(["permuted"]);
    }
    const other = await measured(original, grown(randomModel(2)), { controls });
    expect(other.statistics.search).toMatchObject({ found: false, calibratedBy: 2, matchedRows: null });
  });

  it("without controls it stays inconclusive", async () => {
    const { statistics } = await measured(original, permuted);
    expect(statistics.search).toMatchObject({ agree: 128, found: false, calibratedBy: 0 });
    expect(statistics.search?.matchedRows).not.toBeNull();
    const one = await measured(original, permuted, {
      controls: [randomModel(101), noisy(original, 3, 0.001)],
    });
    // A relative of a side is no control.
    expect(one.statistics.search).toMatchObject({ found: false, calibratedBy: 1 });
  });

  it("noise over them is told from training", async () => {
    const withNoise = await measured(original, noisy(permuted, 6, 0.004), { controls });
    expect(withNoise.statistics.search?.found).toBe(true);
    expect(withNoise.statistics.transformations).toEqual(["noise", "permuted"]);
    const trained = changed(permuted, (_, { rows, cols, values }) => {
      const next = uniform(9);
      const size = Array.from({ length: rows }, () => 0.008 * next() ** 2);
      return {
        rows,
        cols,
        values: values.map(
          (value, at) => value + (size[Math.floor(at / cols)] as number) * (2 * next() - 1) ** 3,
        ),
      };
    });
    expect((await measured(original, trained, { controls })).statistics.transformations).toEqual([
      "fine-tuned",
      "permuted",
    ]);
  });

  it("and with a rotation on top, through tokens", async () => {
    const { statistics } = await measured(original, rotated(permuted, 7), { controls });
    expect(statistics.search).toMatchObject({ by: "tokens", found: true });
    expect(statistics.search?.agree).toBeGreaterThan(120);
    expect(statistics.transformations).toEqual(["permuted", "rotated"]);
  });

  it("plain MLPs are searched by input and output matrices", async () => {
    const plain = (model: Matrices) =>
      new Map(
        [...model]
          .filter(([name]) => !name.includes("gate"))
          .map(
            ([name, matrix]) => [name.replace("up_proj", "fc1").replace("down_proj", "fc2"), matrix] as const,
          ),
      );
    const { statistics } = await measured(plain(original), plain(permuted), {
      controls: controls.map(plain),
    });
    expect(statistics.search).toMatchObject({ views: ["up", "down"], agree: 128, found: true });
  });
});

describe("renumbered heads", () => {
  it("are found by value and output blocks", async () => {
    const config = { headDim: 16, heads: 3, kvHeads: 3 };
    const order = [2, 0, 1].flatMap((head) => Array.from({ length: 16 }, (_, k) => head * 16 + k));
    const suspect = changed(original, (name, matrix) => {
      if (/[qkv]_proj/.test(name)) return { ...matrix, values: rowsOf(matrix, order) };
      if (!name.includes("o_proj")) return matrix;
      const turned = transposed(matrix);
      return transposed({ ...turned, values: rowsOf(turned, order) });
    });
    const { statistics } = await measured(original, suspect, { config });
    expect(statistics.heads).toMatchObject({ heads: 3, agree: 3, ownIndex: 0 });
    expect(statistics.transformations).toEqual(["permuted"]);
    expect((await measured(original, randomModel(2), { config })).statistics.heads).toMatchObject({
      agree: 0,
    });
  });
});

describe("symmetry", () => {
  it("swapping the sides swaps names only", async () => {
    const suspect = rotated(noisy(original, 4, 0.03), 7);
    const [straight, crossed] = [
      await measured(original, suspect, { controls }),
      await measured(original, suspect, { controls }, true),
    ];
    expect(crossed.log10P).toBe(straight.log10P);
    expect(crossed.statistics.transformations).toEqual(straight.statistics.transformations);
    expect(crossed.statistics.products?.pooled).toEqual(straight.statistics.products?.pooled);
    expect(crossed.statistics.products?.controls[0]?.against.original).toEqual(
      straight.statistics.products?.controls[0]?.against.suspect,
    );
  });
});

/** The residual stream turned by a product of Householder reflections, gains folded into the readers. */
function rotated(model: Matrices, seed: number): Map<string, Matrix> {
  const next = uniform(seed);
  const { hidden } = small;
  const mirrors = Array.from({ length: hidden }, () =>
    Float64Array.from({ length: hidden }, () => next() - 0.5),
  );
  const gains = new Map(
    [...model].filter(([name]) => name.includes("norm")).map(([name, { values }]) => [name, values]),
  );
  const turn = (matrix: Matrix): Matrix => {
    const values = Float64Array.from(matrix.values);
    for (const mirror of mirrors) {
      const length = mirror.reduce((sum, x) => sum + x * x, 0);
      for (let row = 0; row < matrix.rows; row++) {
        let dot = 0;
        for (let k = 0; k < hidden; k++) dot += (values[row * hidden + k] as number) * (mirror[k] as number);
        for (let k = 0; k < hidden; k++) {
          values[row * hidden + k] =
            (values[row * hidden + k] as number) - ((2 * dot) / length) * (mirror[k] as number);
        }
      }
    }
    return { ...matrix, values: Float32Array.from(values) };
  };
  return changed(model, (name, matrix) => {
    if (name.includes("norm")) return { ...matrix, values: matrix.values.map(() => 1) };
    if (/o_proj|down_proj/.test(name)) return transposed(turn(transposed(matrix)));
    if (name.includes("embed")) return turn(matrix);
    const norm = name.includes("mlp") ? "post_attention_layernorm" : "input_layernorm";
    const gain = gains.get(name.replace(/(mlp|self_attn)\..*/, `${norm}.weight`)) as Float32Array;
    return turn({
      ...matrix,
      values: matrix.values.map((value, at) => value * (gain[at % hidden] as number)),
    });
  });
}

function rowsOf({ cols, values }: Matrix, order: readonly number[]): Float32Array {
  const out = new Float32Array(values.length);
  for (const [to, from] of order.entries())
    out.set(values.subarray(from * cols, (from + 1) * cols), to * cols);
  return out;
}

function scaledRows({ rows, cols, values }: Matrix, factors: readonly number[]): Matrix {
  return {
    rows,
    cols,
    values: values.map((value, at) => value * (factors[Math.floor(at / cols)] as number)),
  };
}
