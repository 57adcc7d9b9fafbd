import { describe, expect, it } from "vitest";
import { memoryRelease } from "../../../../tests/support/memory-release";
import { methodInput } from "../../../../tests/support/method-input";
import {
  type SeededTensor,
  seededTensor,
  tensorFile,
  tensorOf,
} from "../../../../tests/support/tensor-files";
import type { ReleaseReader } from "../../io/source/release";
import { weightsFull } from ".";
import type { WeightsFullStatistics } from "./schema";

const release = (...tensors: SeededTensor[]) =>
  memoryRelease([
    { path: "model.safetensors", content: tensorFile(tensors) },
    { path: "config.json", content: { model_type: "llama", hidden_size: 64, num_hidden_layers: 1 } },
  ]);
const run = (original: ReleaseReader, suspect: ReleaseReader, ancestors: ReleaseReader[] = []) =>
  weightsFull.run(
    methodInput({
      original,
      suspect,
      ancestors,
      threads: 0,
      parameters: { nonce: "", screened: 1, level: 3 },
    }),
  );
const up = "model.layers.0.mlp.up_proj.weight";
const down = "model.layers.0.mlp.down_proj.weight";
const base = [seededTensor(up, "F32", [96, 64], 1), seededTensor(down, "F32", [64, 96], 2)] as const;
const moved = (tensors: readonly SeededTensor[], seed: number, size: number) =>
  tensors.map(({ name, shape, values }, index) => {
    const step = seededTensor(name, "F32", shape, seed + index).values;
    return tensorOf(
      name,
      "F32",
      shape,
      values.map((value, i) => value + size * (step[i] as number)),
    );
  });

describe("weights/full", () => {
  it("finds every leaf of a copy, and a correlation of exactly one", async () => {
    const outcome = await run(release(...base), release(...base.toReversed()));
    expect(outcome.says).toBe("all-bytes-equal");
    expect(outcome.statistics).toMatchObject({
      leaves: { counted: { original: 2, suspect: 2 }, equal: { original: 2, suspect: 2 } },
      compared: {
        pairs: 2,
        elements: 12_288,
        equal: 12_288,
        cosine: 1,
        difference: { mean: 0, sd: 0, kurtosis: 0 },
      },
    });
    const { read } = outcome.statistics as {
      read: { original: { digest: string }; suspect: { digest: string } };
    };
    expect(read.suspect.digest).toBe(read.original.digest);
  });

  it("measures noise over everything", async () => {
    const outcome = await run(release(...base), release(...moved(base, 50, 0.1)));
    expect(outcome.says).toBe("no-bytes-equal");
    const { cosine, difference } = outcome.statistics.compared as {
      cosine: number;
      difference: { sd: number };
    };
    expect(cosine).toBeCloseTo(0.995, 3);
    expect(difference.sd).toBeCloseTo(0.002, 4);
  });

  it("subtracts ancestors: a copy carries the original's own difference, a sibling does not", async () => {
    const original = moved(base, 10, 0.2);
    const copy = moved(original, 20, 0.02);
    const sibling = moved(base, 30, 0.2);
    const beyond = async (suspect: readonly SeededTensor[]) =>
      (await run(release(...original), release(...suspect), [release(...base)])).statistics
        .beyondAncestors as unknown as {
        pairs: number;
        suspectOnOriginal: { alpha: number; partialR2: number };
        rho: number;
      };
    const derived = await beyond(copy);
    expect(derived.pairs).toBe(2);
    expect(derived.suspectOnOriginal.alpha).toBeCloseTo(1, 1);
    expect(derived.rho).toBeGreaterThan(0.98);
    const unrelated = await beyond(sibling);
    expect(Math.abs(unrelated.suspectOnOriginal.alpha)).toBeLessThan(0.1);
    expect(Math.abs(unrelated.rho)).toBeLessThan(0.1);
  });

  it("takes two ancestors out together", async () => {
    const other = moved(base, 40, 0.3);
    const original = moved(base, 10, 0.2);
    // Half way between the base and the other ancestor, and all of the original's own step.
    const suspect = original.map(({ name, shape, values }, t) =>
      tensorOf(
        name,
        "F32",
        shape,
        values.map((value, i) => {
          const from = base[t as 0 | 1].values[i] as number;
          return value + 0.5 * ((other[t]?.values[i] as number) - from);
        }),
      ),
    );
    const outcome = await run(release(...original), release(...suspect), [
      release(...base),
      release(...other),
    ]);
    expect(outcome.statistics.beyondAncestors).toMatchObject({ ancestors: [0, 1], pairs: 2 });
    const { suspectOnOriginal } = outcome.statistics.beyondAncestors as unknown as {
      suspectOnOriginal: { alpha: number; partialR2: number };
    };
    expect(suspectOnOriginal.alpha).toBeCloseTo(1, 4);
    expect(suspectOnOriginal.partialR2).toBeCloseTo(1, 4);
  });

  it("swaps what is named by side, and nothing else", async () => {
    const [a, b] = [
      release(...moved(base, 10, 0.2)),
      release(...moved(base, 20, 0.1), seededTensor("x", "F32", [9], 3)),
    ];
    const [there, back] = [await run(a, b, [release(...base)]), await run(b, a, [release(...base)])];
    expect(back.says).toBe(there.says);
    const pick = (outcome: typeof there) => outcome.statistics as unknown as WeightsFullStatistics;
    const swap = <T>({ original, suspect }: { original: T; suspect: T }) => ({
      original: suspect,
      suspect: original,
    });
    expect(pick(back).unpaired).toEqual(swap(pick(there).unpaired));
    expect(pick(back).compared.cosine).toBe(pick(there).compared.cosine);
    expect(pick(back).beyondAncestors).toMatchObject({
      suspectOnOriginal: pick(there).beyondAncestors?.originalOnSuspect,
      originalOnSuspect: pick(there).beyondAncestors?.suspectOnOriginal,
      rho: pick(there).beyondAncestors?.rho,
    });
  });

  it("counts no Fourier basis, which anybody computes, unless weights stand behind it", async () => {
    const [n, bins] = [128, 65];
    const wave = (i: number) => {
      const [row, at] = [Math.floor(i / n), i % n];
      const angle = (2 * Math.PI * (row % bins) * at) / n;
      return ((1 - Math.cos((2 * Math.PI * at) / n)) / 2) * (row < bins ? Math.cos(angle) : -Math.sin(angle));
    };
    const basis = (rows: number, more: readonly number[] = []) =>
      tensorOf(
        "stft.forward_basis",
        "F32",
        [rows + more.length / n, n],
        Float32Array.from([
          ...Float32Array.from({ length: rows * n }, (_, i) => wave(i % (2 * bins * n))),
          ...more,
        ]),
      );
    const others = [seededTensor(up, "F32", [96, 64], 71), seededTensor(down, "F32", [64, 96], 72)];
    const apart = await run(release(...base, basis(130)), release(...others, basis(130)));
    expect(apart.says).toBe("no-bytes-equal");
    expect(apart.statistics).toMatchObject({
      leaves: { counted: { original: 2, suspect: 2 }, equal: { original: 0, suspect: 0 } },
      compared: { pairs: 2, equal: 0 },
      constructed: 1,
    });
    expect(apart.reasons).toContainEqual({ code: "pairs-computed-by-code", facts: { pairs: 1 } });
    expect(JSON.stringify(apart.statistics.tensors)).not.toContain("forward_basis");

    const behind = [...seededTensor("behind", "F32", [4, n], 5).values];
    const hidden = await run(release(...base, basis(260, behind)), release(...others, basis(260, behind)));
    expect(hidden.says).toBe("some-bytes-equal");
    expect(hidden.statistics).toMatchObject({ constructed: 0, compared: { pairs: 3 } });

    const alone = await run(release(basis(130)), release(basis(130)));
    expect(alone.says).not.toBe("all-bytes-equal");
  });

  it("says so where a side has no weights, or loses bytes", async () => {
    const none = memoryRelease([{ path: "config.json", content: "{}" }]);
    expect((await run(release(...base), none)).says).toBe("not-testable");
    const whole = release(...base);
    const broken: ReleaseReader = {
      ...whole,
      read: async (path, start, end, signal) => (end > 30_000 ? null : whole.read(path, start, end, signal)),
    };
    const outcome = await run(whole, broken);
    expect(outcome.reasons).toContainEqual({ code: "bytes-missing", facts: { side: "suspect", files: 1 } });
    expect(outcome.statistics).toMatchObject({ notCompared: 1, read: { suspect: { digest: null } } });
  });

  it("explains itself in both languages", async () => {
    const same = await run(release(...base), release(...moved(base, 50, 0.1)), [release(...base)]);
    expect(same.reasons.map(({ code }) => code)).toContain("nothing-beyond-ancestors");
    const own = release(...moved(base, 10, 0.2));
    const outcome = await run(own, release(...moved(base, 50, 0.1)), [release(...base)]);
    const { en, zh } = weightsFull.explain(outcome);
    expect(en).not.toContain("?");
    expect(zh).not.toContain("?");
  });
});
