import { describe, expect, it } from "vitest";
import { normals } from "@/tests/support/normals";
import { isConstructed } from "./constructed";
import { countRuns, entropyBits } from "./counted";
import { memoryWeights } from "./memory-weights";
import type { ReleaseWeights, TensorRole, WeightTensor } from "./release-weights";
import { sampleReleases } from "./sampled-runs";

const [rows, cols] = [16, 64];
const draw = (label: string) => normals("counted", label, rows * cols).map((x) => 0.02 * x);

function release(tensors: Readonly<Record<string, Float32Array>>, dtype = "F32"): ReleaseWeights {
  return memoryWeights(
    Object.entries(tensors).map(([name, values]) => {
      const lines = values.length > cols ? values.length / cols : 1;
      const tensor: WeightTensor = {
        name,
        stored: name,
        place: {
          role: "other" as TensorRole,
          parameter: "weight",
          stack: null,
          layer: null,
          expert: null,
          group: "other",
        },
        dtype,
        shape: [lines, values.length / lines],
        rows: lines,
        cols: values.length / lines,
        bytes: values.length * 4,
      };
      return { tensor, values };
    }),
  );
}

async function reasons(
  original: ReleaseWeights,
  suspect: ReleaseWeights,
  ancestors: readonly ReleaseWeights[] = [],
  controls: readonly ReleaseWeights[] = [],
) {
  const runs = await sampleReleases({ original, suspect, ancestors, controls }, "seed", "original");
  return Object.fromEntries(countRuns(runs).pairs.map(({ pair, why }) => [pair.original.name, why]));
}

describe("which tensors count", () => {
  it("leaves out what an ancestor or an unrelated release holds, on either side, and nothing else", async () => {
    const [a, b, tower] = [draw("a"), draw("b"), draw("tower")];
    const original = release({ own: a, frozen: b, tower });
    const suspect = release({ own: draw("x"), frozen: draw("y"), tower });
    const given = [[release({ frozen: b, own: draw("z") })], [release({ tower })]] as const;
    const expected = { own: null, frozen: "common-ancestor", tower: "common-families" };
    expect(await reasons(original, suspect, ...given)).toEqual(expected);
    expect(await reasons(suspect, original, ...given)).toEqual(expected);
  });

  it("rounds an ancestor to the coarser dtype of the pair before it compares", async () => {
    const values = draw("a").map((x) => Math.fround(x));
    const coarse = Float32Array.from(values);
    new Uint32Array(coarse.buffer).forEach((word, i, words) => {
      words[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
    });
    const pair = [release({ t: coarse }, "BF16"), release({ t: coarse }, "BF16")] as const;
    expect(await reasons(...pair, [release({ t: values })])).toEqual({ t: "common-ancestor" });
  });

  it("leaves out what carries little: zeros, ones, a handful of values; and what is not finite", async () => {
    const broken = draw("n");
    broken[3] = Number.NaN;
    const given = {
      zeros: new Float32Array(rows * cols),
      ones: new Float32Array(cols).fill(1),
      sparse: Float32Array.from({ length: rows * cols }, (_, i) => (i % 512 === 0 ? 1 : 0)),
      broken,
      gains: normals("counted", "gains", cols),
    };
    expect(await reasons(release(given), release(given))).toEqual({
      zeros: "little-entropy",
      ones: "little-entropy",
      sparse: "little-entropy",
      broken: "not-finite",
      gains: null,
    });
  });

  it("measures entropy in bits: n · H", () => {
    expect(entropyBits(Float32Array.from([1, 2, 3, 4]))).toBeCloseTo(8, 12);
    expect(entropyBits(Float32Array.from([1, 1, 2, 2]))).toBeCloseTo(4, 12);
    expect(entropyBits(new Float32Array(5000))).toBe(0);
  });
});

describe("values that code constructs", () => {
  const table = (make: (position: number, i: number) => number, n = 32) =>
    Float32Array.from({ length: 8 * n }, (_, at) => make(Math.floor(at / n), at % n));
  const angle = (p: number, i: number) => p / 10000 ** (i / 16);

  it("knows rotary frequencies, position ids and sine-cosine tables in both layouts", () => {
    const frequencies = Float32Array.from({ length: 32 }, (_, i) => 10000 ** (-i / 32));
    expect(isConstructed(frequencies, 1, 32)).toBe(true);
    expect(
      isConstructed(
        Float32Array.from({ length: 512 }, (_, i) => i),
        1,
        512,
      ),
    ).toBe(true);
    const interleaved = table((p, i) => (i % 2 === 0 ? Math.sin(angle(p, i)) : Math.cos(angle(p, i - 1))));
    expect(isConstructed(interleaved, 8, 32)).toBe(true);
    const halves = table((p, i) => (i < 16 ? Math.sin(angle(p, i)) : Math.cos(angle(p, i - 16))));
    expect(isConstructed(halves, 8, 32)).toBe(true);
  });

  it("takes no trained tensor for one", () => {
    expect(isConstructed(draw("t"), rows, cols)).toBe(false);
    expect(
      isConstructed(
        normals("counted", "g", 64).map((x) => 1 + 0.02 * x),
        1,
        64,
      ),
    ).toBe(false);
    const sorted = normals("counted", "s", 64).sort();
    expect(isConstructed(sorted, 1, 64)).toBe(false);
  });
});
