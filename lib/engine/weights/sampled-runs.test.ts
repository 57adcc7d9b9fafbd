import { describe, expect, it } from "vitest";
import { normals } from "@/tests/support/normals";
import { base, release } from "@/tests/support/weight-family";
import { mapLayers } from "./layer-map";
import type { ReleaseWeights, WeightTensor } from "./release-weights";
import { runPosition } from "./run-positions";
import { sampleReleases } from "./sampled-runs";

const shape = { layers: 3, rows: 40, cols: 128 };

/** Counts what is read, and makes the values on request: the shape of an 8B model without its bytes. */
function counting(
  layers: number,
  vocabulary: number,
): { weights: ReleaseWeights; read: () => number; all: number } {
  let read = 0;
  const roles = {
    query: [4096, 4096],
    key: [1024, 4096],
    value: [1024, 4096],
    gate: [14336, 4096],
    down: [4096, 14336],
  } as const;
  const tensors = new Map<string, WeightTensor>();
  const add = (
    name: string,
    role: WeightTensor["place"]["role"],
    rows: number,
    cols: number,
    layer: number | null,
  ) =>
    tensors.set(name, {
      name,
      stored: name,
      place: {
        role,
        parameter: "weight",
        stack: layer === null ? null : "model.layers",
        layer,
        expert: null,
        group: "language-model",
      },
      dtype: "BF16",
      shape: [rows, cols],
      rows,
      cols,
      bytes: rows * cols * 2,
    });
  add("embed", "embedding", vocabulary, 4096, null);
  for (let layer = 0; layer < layers; layer++)
    for (const [role, [rows, cols]] of Object.entries(roles))
      add(`model.layers.${layer}.${role}`, role as "query", rows, cols, layer);
  const config = {
    architecture: null,
    hidden: null,
    layers: null,
    heads: null,
    kvHeads: null,
    headDim: null,
    tiedEmbeddings: null,
  };
  const weights: ReleaseWeights = {
    format: "safetensors",
    config,
    tensors,
    read: async (_, start, end) => {
      read += 2 * (end - start);
      return new Float32Array(end - start).map((_, i) => ((start + i) % 251) - 125);
    },
    steps: async () => null,
  };
  return { weights, read: () => read, all: [...tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0) };
}

describe("sampled runs", () => {
  it("reads less than .6 % of the bytes of a model of 8B's shape", async () => {
    const [a, b] = [counting(8, 128256), counting(8, 128300)];
    const runs = await sampleReleases(
      { original: a.weights, suspect: b.weights, ancestors: [], controls: [] },
      "seed",
      "original",
    );
    expect(runs.pairs).toHaveLength(41);
    expect(runs.resized.map(({ original }) => original.name)).toEqual(["embed"]);
    expect(a.read()).toBeLessThan(0.006 * a.all);
    expect(runs.pairs.every(({ o, at }) => o.length === at.rows * at.cols && o.length <= 32768)).toBe(true);
  });

  it("reads the same places when the sides are swapped, and others under another nonce", async () => {
    const [a, b] = [
      release(base({ ...shape, rows: 400 }, "a"), shape),
      release(base({ ...shape, rows: 400 }, "b"), shape),
    ];
    const places = async (seed: string, swap: boolean) => {
      const [original, suspect] = swap ? [b, a] : [a, b];
      const first = swap ? ("suspect" as const) : ("original" as const);
      const runs = await sampleReleases({ original, suspect, ancestors: [], controls: [] }, seed, first);
      return runs.pairs.map(({ at, o, s }) => [at, swap ? s[0] : o[0], swap ? o[0] : s[0]]);
    };
    expect(await places("one", true)).toEqual(await places("one", false));
    expect(await places("one", false)).not.toEqual(await places("two", false));
  });

  it("takes whole rows, a part of a row where one is too long, and vectors whole", () => {
    expect(runPosition({ rows: 1, cols: 4096 }, 32768, "s", "v")).toEqual({
      row: 0,
      col: 0,
      rows: 1,
      cols: 4096,
    });
    const rows = runPosition({ rows: 4096, cols: 4096 }, 32768, "s", "m");
    expect(rows).toMatchObject({ col: 0, rows: 8, cols: 4096 });
    expect(rows.row + rows.rows).toBeLessThanOrEqual(4096);
    const part = runPosition({ rows: 10, cols: 100000 }, 32768, "s", "w");
    expect(part).toMatchObject({ rows: 1, cols: 32768 });
    expect(part.col % 256).toBe(0);
  });
});

describe("layer maps", () => {
  const layer = (label: string) =>
    new Map([
      ["up", normals("map", label, 512)],
      ["down", normals("map", `${label}'`, 512)],
    ]);
  const stack = (labels: readonly string[]) => new Map(labels.map((label, i) => [i, layer(label)]));
  const names = { original: "a", suspect: "b" };

  it("keeps equal numbers for unrelated models", () => {
    const map = mapLayers(names, stack(["a", "b", "c"]), stack(["x", "y", "z"]));
    expect([map.moved, map.pairs]).toEqual([
      false,
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
    ]);
  });

  it("finds dropped, repeated and exchanged layers, the same from either side", () => {
    const [all, fewer] = [stack(["a", "b", "c", "d"]), stack(["a", "c", "d"])];
    const forth = mapLayers(names, all, fewer);
    expect(forth.pairs).toEqual([
      [0, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(mapLayers(names, fewer, all).pairs.map(([i, j]) => [j, i])).toEqual(forth.pairs);
    const repeated = mapLayers(names, all, stack(["a", "b", "b", "c", "d"]));
    expect(repeated.pairs).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect(mapLayers(names, all, stack(["b", "a", "c", "d"])).pairs).toEqual([
      [0, 1],
      [1, 0],
      [2, 2],
      [3, 3],
    ]);
  });
});
