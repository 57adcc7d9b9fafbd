import { describe, expect, it } from "vitest";
import {
  changed,
  type Matrices,
  type Matrix,
  neuronsTaken,
  noisy,
  permutation,
  randomMatrix,
  randomModel,
  release,
  small,
} from "@/tests/null/synthetic-models";
import { type IndependenceFinding, measureIndependence } from "./measure";

interface Options {
  readonly ancestors?: readonly Matrices[];
  readonly controls?: readonly Matrices[];
  readonly screened?: number;
  readonly seed?: string;
}

function measured(
  a: Matrices,
  b: Matrices,
  options: Options = {},
  swapped = false,
): Promise<IndependenceFinding> {
  return measureIndependence({
    a: release(a),
    b: release(b),
    swapped,
    seed: options.seed ?? "seed",
    ancestors: (options.ancestors ?? []).map((ancestor) => release(ancestor)),
    controls: (options.controls ?? []).map((control) => release(control)),
    screened: options.screened ?? 1,
  });
}

const original = randomModel(1);

describe("what has one origin", () => {
  it("a copy meets every index", async () => {
    const { statistics, log10P } = await measured(original, noisy(original, 5, 0.01));
    expect(statistics.identity).toMatchObject({ groups: 3, matched: 384, of: 384, expected: 48 });
    expect(log10P).toBeLessThan(-200);
    expect(statistics.cells.map(({ windows }) => windows.matched.length)).toEqual([16, 16, 16]);
  });

  it("so does one that was renamed, if not beyond recognition", async () => {
    const renamed = new Map(
      [...original].map(([name, matrix]) => [
        name.replace("model.layers", "net.stage").replace("mlp.up_proj", "mlp.wide"),
        matrix,
      ]),
    );
    expect((await measured(original, renamed)).log10P).toBeLessThan(-200);
  });

  it("dropped layers are found by the declared offsets, and layer by layer", async () => {
    const deep = randomModel(1, { ...small, layers: 6 });
    const layer = (name: string) => Number(/layers\.(\d+)/.exec(name)?.[1] ?? -1);
    const without = new Map(
      [...changed(deep, (name, matrix) => (layer(name) === 0 || layer(name) === 1 ? null : matrix))].map(
        ([name, matrix]) =>
          [name.replace(/layers\.(\d+)/, (_, n) => `layers.${Number(n) - 2}`), matrix] as const,
      ),
    );
    const { statistics, log10P } = await measured(deep, without);
    expect(statistics.identity?.matched).toBeLessThan(150);
    expect(log10P).toBeLessThan(-20);
    expect(statistics.maps.map(({ offset }) => offset)).toEqual([-1, -2]);
    expect(statistics.maps[1]?.pooled).toMatchObject({ matched: 128, of: 128 });
    expect(statistics.search?.found.map(({ original: one, suspect }) => [one.layer, suspect.layer])).toEqual([
      [2, 0],
      [3, 1],
      [4, 2],
      [5, 3],
    ]);
  });
});

describe("what is independent", () => {
  it("is not flagged, and says what it compared", async () => {
    for (let seed = 2; seed < 6; seed++) {
      const { statistics, log10P } = await measured(original, randomModel(seed));
      expect(log10P).toBeGreaterThan(-3);
      expect(statistics.identity?.matched).toBeLessThan(90);
      expect(statistics.search?.found).toEqual([]);
    }
  });

  it("zero-padded neurons are left out: padding meets padding at the same places", async () => {
    const pad = (model: Matrices) =>
      neuronsTaken(model, (_, neurons) =>
        Array.from({ length: neurons + 64 }, (_, i) => (i % 3 === 2 ? -1 : 2 * Math.floor(i / 3) + (i % 3))),
      );
    const { statistics, log10P } = await measured(pad(original), pad(randomModel(9)));
    expect(log10P).toBeGreaterThan(-3);
    expect(statistics.cells[0]).toMatchObject({ rows: 128, dropped: { original: 64, suspect: 64 } });
  });

  it("with most rows padded there is too little left", async () => {
    const pad = (model: Matrices) =>
      neuronsTaken(model, (_, neurons) => Array.from({ length: neurons }, (_, i) => (i < 60 ? i : -1)));
    const { statistics, log10P } = await measured(pad(original), pad(randomModel(9)));
    expect(log10P).toBeNull();
    expect(statistics.cells.map(({ unmeasured }) => unmeasured)).toEqual(new Array(3).fill("too-few-rows"));
  });

  it("neurons of one value and repeated neurons fall by chance, never by index", async () => {
    const repeat = (model: Matrices) =>
      neuronsTaken(model, (_, neurons) => Array.from({ length: neurons }, (_, i) => (i % 4 === 3 ? 0 : i)));
    const { statistics, log10P } = await measured(repeat(original), repeat(randomModel(9)));
    expect(log10P).toBeGreaterThan(-3);
    // Row 0 and its 32 repetitions are one row that occurs 33 times: all of them go.
    expect(statistics.cells[0]?.dropped).toEqual({ original: 33, suspect: 33 });
  });

  it("norm-sorted neurons raise the global matching, not the windows", async () => {
    const trend = (seed: number) => sorted(withSharedDirection(randomModel(seed)));
    const { statistics, log10P } = await measured(trend(11), trend(12));
    expect(statistics.globalLog10).toBeLessThan(-6);
    expect(log10P).toBeGreaterThan(-4);
  });

  it("experts grown from one MLP on both sides count once", async () => {
    const upcycled = (seed: number) => {
      const dense = randomModel(seed, { ...small, layers: 1 });
      const model = new Map([...dense].filter(([name]) => !name.includes(".mlp.")));
      for (let expert = 0; expert < 16; expert++) {
        for (const [name, matrix] of dense) {
          if (!name.includes(".mlp.")) continue;
          model.set(name.replace(".mlp.", `.mlp.experts.${expert}.`), matrix);
        }
      }
      return noisy(model, seed, 0.002);
    };
    const { statistics } = await measured(upcycled(21), upcycled(22));
    expect(statistics.cells).toHaveLength(16);
    expect(statistics.identity?.groups).toBe(1);
    expect(statistics.cells.slice(1).every(({ sameAs }) => sameAs === 0)).toBe(true);
  });

  it("a search is never a sum of best matches", async () => {
    const shape = { ...small, layers: 16 };
    const [a, b] = [randomModel(31, shape), randomModel(32, shape)];
    const { statistics, log10P } = await measured(a, b);
    expect(statistics.search?.pairs).toBe(256);
    expect(statistics.multiplicity).toMatchObject({ maps: 1, searched: 256 });
    expect(log10P).toBeGreaterThan(-3);
    expect(statistics.search?.bestLog10P).toBeLessThan(-1);
  });
});

describe("what cannot be tested", () => {
  it("models of different width", async () => {
    const { statistics, log10P } = await measured(original, randomModel(2, { ...small, hidden: 56 }));
    expect(log10P).toBeNull();
    expect(statistics.stacks).toEqual([]);
  });

  it("two independent one-layer linear projectors between the same frozen towers", async () => {
    const shared = randomMatrix(55, 128, 64);
    const projector = (seed: number) =>
      new Map([...randomModel(1), ["model.mm_projector.0.weight", near(shared, seed)]]);
    const { statistics, log10P } = await measured(projector(41), projector(42), { ancestors: [original] });
    expect(log10P).toBeNull();
    expect(statistics).toMatchObject({ cells: [], private: { cells: [], pooled: null } });
  });

  it("two-layer projectors are, along their hidden units", async () => {
    const projector = (seed: number) =>
      new Map([
        ...original,
        ["model.mm_projector.0.weight", randomMatrix(seed, 128, 40)],
        ["model.mm_projector.2.weight", randomMatrix(seed + 1, 48, 128)],
      ] as [string, Matrix][]);
    const own = await measured(projector(41), noisy(projector(41), 3, 0.004), { ancestors: [original] });
    expect(own.statistics.private?.pooled).toMatchObject({ groups: 1, matched: 128, of: 128 });
    expect(own.statistics.private?.cells[0]).toMatchObject({ axis: "projector-hidden", group: "projector" });
    // What the ancestor holds to the bit does not count; the projector alone shows nothing.
    const other = await measured(projector(41), projector(43), { ancestors: [original] });
    expect(other.log10P).toBeGreaterThan(-3);
    expect(other.statistics.leftOut).toEqual({ original: 3, suspect: 3 });
    // Of an ancestor that is merely related: the language models are not independent, the projectors show nothing.
    const base = noisy(original, 9, 0.004);
    const tuned = await measured(projector(41), projector(43), { ancestors: [base] });
    expect(tuned.log10P).toBeLessThan(-100);
    expect(tuned.statistics.private?.pooled?.log10P).toBeGreaterThan(-3);
    expect(tuned.statistics.byGroup.map(({ group, inAncestor }) => [group, inAncestor])).toEqual([
      ["language-model", 3],
      ["projector", 0],
    ]);
  });

  it("a private matrix that started as the identity", async () => {
    const identity = (seed: number) => {
      const { values } = randomMatrix(seed, 64, 64, 0.01);
      for (let i = 0; i < 64; i++) values[i * 65] = (values[i * 65] as number) + 1;
      return { rows: 64, cols: 64, values };
    };
    const projector = (seed: number) =>
      new Map([
        ...original,
        ["model.mm_projector.0.weight", identity(seed)],
        ["model.mm_projector.2.weight", randomMatrix(seed, 48, 64)],
      ] as [string, Matrix][]);
    const { statistics } = await measured(projector(1), projector(2), { ancestors: [original] });
    expect(statistics.private?.pooled).toBeNull();
    expect(statistics.private?.cells.map(({ unmeasured }) => unmeasured)).toEqual(["constant-start"]);
  });
});

describe("controls", () => {
  it("stand beside the pair, layer by layer; a permuted copy is a vacuous one and a relative none", async () => {
    const permuted = neuronsTaken(original, (layer, n) => permutation(layer + 5, n));
    const { statistics } = await measured(original, noisy(original, 5, 0.01), {
      controls: [
        randomModel(3),
        permuted,
        noisy(original, 8, 0.01),
        randomModel(4, { ...small, hidden: 64 }),
      ],
    });
    expect(statistics.controls.map(({ like, related }) => [like, related])).toEqual([
      [true, false],
      // Looks as unrelated as any other: only someone who knows where it comes from can tell that it shows nothing.
      [true, false],
      [true, true],
      [false, false],
    ]);
    expect(statistics.cells[0]?.controls[0]?.suspect?.matched).toHaveLength(16);
    expect(statistics.controls[0]?.against.original).toMatchObject({ groups: 3, of: 384 });
  });
});

describe("symmetry and the seed", () => {
  it("swapping the sides swaps names only", async () => {
    const suspect = neuronsTaken(noisy(original, 4, 0.05), (_, n) => permutation(9, n));
    const straight = await measured(original, suspect, { controls: [randomModel(3)] });
    const crossed = await measured(original, suspect, { controls: [randomModel(3)] }, true);
    expect(crossed.log10P).toBe(straight.log10P);
    expect(crossed.statistics.identity).toEqual(straight.statistics.identity);
    expect(crossed.statistics.controls[0]?.against.original).toEqual(
      straight.statistics.controls[0]?.against.suspect,
    );
  });

  it("models screened multiply p", async () => {
    const suspect = noisy(original, 4, 0.05);
    const [one, many] = [
      await measured(original, suspect),
      await measured(original, suspect, { screened: 1000 }),
    ];
    expect((many.log10P ?? 0) - (one.log10P ?? 0)).toBeCloseTo(3, 5);
    expect(many.statistics.multiplicity.singleThreshold).toBeCloseTo(-9.30103, 5);
  });

  it("another seed takes other rows where there are more than 256", async () => {
    const tall = randomModel(1, { ...small, layers: 1, neurons: 1024 });
    const starts = await Promise.all(
      ["a", "b", "c", "d"].map(async (seed) => {
        const { statistics } = await measured(tall, noisy(tall, 1, 0.01), { seed });
        return statistics.cells[0]?.sampled;
      }),
    );
    expect(new Set(starts.map((sampled) => sampled?.start)).size).toBeGreaterThan(1);
    expect(starts.every((sampled) => sampled?.rows === 256 && sampled.start % 8 === 0)).toBe(true);
  });
});

/** A projection that both towers fix, and a little of its own. */
function near(shared: Matrix, seed: number): Matrix {
  const own = randomMatrix(seed, shared.rows, shared.cols, 0.004);
  return { ...shared, values: shared.values.map((value, i) => value + (own.values[i] as number)) };
}

/** All neurons lean towards one direction that both models share, the more the smaller their number. */
function withSharedDirection(model: Matrices): Map<string, Matrix> {
  const direction = randomMatrix(99, 2, small.hidden, 0.02).values;
  return changed(model, (name, matrix) => {
    if (!/mlp\.(up|gate)_proj/.test(name)) return matrix;
    const { rows, cols, values } = matrix;
    const part = (row: number, k: number) =>
      Math.cos(row / 20) * (direction[k] as number) + Math.sin(row / 20) * (direction[cols + k] as number);
    return {
      rows,
      cols,
      values: values.map((value, at) => value + 2 * part(Math.floor(at / cols), at % cols)),
    };
  });
}

function sorted(model: Matrices): Map<string, Matrix> {
  return neuronsTaken(model, (_, n) => Array.from({ length: n }, (_, i) => i));
}
