import { beforeAll, describe, expect, test, vi } from "vitest";
import { type MemoryFile, memoryRelease } from "@/tests/support/memory-release";
import { methodInput } from "@/tests/support/method-input";
import { safetensorsOf } from "@/tests/support/safetensors-of";
import { gaussians, llamaTensors } from "@/tests/support/small-weights";
import { fingerprintText } from "../../fingerprint/document";
import { makeFullFingerprint } from "../../fingerprint/make-full";
import { makeLightFingerprint } from "../../fingerprint/make-light";
import type { Fingerprint } from "../../fingerprint/schema";
import { fingerprintReader } from "../../io/source/fingerprint/open-fingerprint-release";
import type { ReleaseReader } from "../../io/source/release";
import { openWeights } from "../../weights/open-weights";
import type { MethodInput, MethodOutcome } from "../method";
import { weightsFingerprint } from ".";
import { fingerprintStatisticsSchema } from "./schema";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

interface Stored {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
type Model = ReadonlyMap<string, Stored>;

const shape = { layers: 4, hidden: 64, inner: 256, vocabulary: 520 };

const model = (seed: string): Model => llamaTensors(seed, shape);

/** Every value changed by noise of this standard deviation. */
function plus(tensors: Model, seed: string, sd: number): Model {
  return new Map(
    [...tensors].map(([name, { shape: of, values }]) => {
      const noise = gaussians(`${seed} ${name}`, values.length, sd);
      return [name, { shape: of, values: values.map((value, at) => value + noise[at]!) }];
    }),
  );
}

/** Rows of up and gate and columns of down in another order, as nothing of the network's output shows. */
function permuted(tensors: Model): Model {
  const move = (row: number) => (row * 77 + 31) % shape.inner;
  return new Map(
    [...tensors].map(([name, { shape: of, values }]) => {
      const [rows = 1, cols = 1] = of;
      if (!/up_proj|gate_proj|down_proj/.test(name)) return [name, { shape: of, values }];
      const down = name.includes("down_proj");
      const out = new Float32Array(values.length);
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          const to = down ? row * cols + move(col) : move(row) * cols + col;
          out[to] = values[row * cols + col]!;
        }
      }
      return [name, { shape: of, values: out }];
    }),
  );
}

function release(tensors: Model): ReleaseReader {
  const vocab = Object.fromEntries(Array.from({ length: shape.vocabulary }, (_, id) => [`token-${id}`, id]));
  const files: MemoryFile[] = [
    { path: "model.safetensors", content: safetensorsOf(tensors) },
    { path: "tokenizer.json", content: { model: { vocab, merges: [] } } },
    {
      path: "config.json",
      content: { model_type: "llama", hidden_size: shape.hidden, num_hidden_layers: 4 },
    },
  ];
  return memoryRelease(files);
}

async function printed(reader: ReleaseReader, light = false): Promise<ReleaseReader> {
  const weights = (await openWeights(reader))!;
  const document: Fingerprint = light
    ? await makeLightFingerprint(reader, weights)
    : await makeFullFingerprint(reader, weights, { threads: 0 });
  return fingerprintReader(Buffer.from(fingerprintText(document)), 1e9);
}

const releases: Record<string, ReleaseReader> = {};
const prints: Record<string, ReleaseReader> = {};
beforeAll(async () => {
  const base = model("base");
  const original = plus(base, "original", 0.004);
  const models: Record<string, Model> = {
    base,
    original,
    noisy: plus(original, "noise", 0.001),
    sibling: plus(base, "sibling", 0.004),
    permuted: permuted(original),
    other: model("other"),
    third: model("third"),
    fourth: model("fourth"),
  };
  for (const [name, tensors] of Object.entries(models)) {
    releases[name] = release(tensors);
    prints[name] = await printed(releases[name]!);
  }
  prints.light = await printed(releases.original!, true);
});

type Given = Partial<Omit<MethodInput, "original" | "suspect">>;
const run = async (original: ReleaseReader, suspect: ReleaseReader, given: Given = {}) => {
  const outcome = await weightsFingerprint.run(methodInput({ original, suspect, ...given }));
  if (outcome.says === "not-testable") return { outcome, statistics: null };
  return { outcome, statistics: fingerprintStatisticsSchema.parse(outcome.statistics) };
};
const codes = ({ reasons }: MethodOutcome) => reasons.map(({ code }) => code);

describe("weights/fingerprint", () => {
  test("two fingerprints of the same weights: the same tensors, and only claimed", async () => {
    const copy = await printed(
      memoryRelease([...(await filesOf(releases.original!)), { path: "x", content: "x" }]),
    );
    const { outcome, statistics } = await run(prints.original!, copy);
    expect(outcome.says).toBe("same-tensors");
    expect(statistics?.roots?.shared).toEqual(statistics?.roots?.counted);
    expect(codes(outcome)).toContain("claimed-fingerprint");
    expect(weightsFingerprint.explain(outcome).en).toContain("supports no public claim");
  });

  test("a noisy copy matches by exact rows, between fingerprints and against the release", async () => {
    for (const suspect of [prints.noisy!, releases.noisy!]) {
      const { outcome, statistics } = await run(prints.original!, suspect);
      expect(outcome.says).toBe("matches");
      expect(outcome.kind).toBe("exact");
      expect(outcome.pValueLog10).toBeLessThan(-300);
      expect(statistics?.rows?.pooled?.matched).toBe(1024);
    }
  });

  test("independent weights: nothing, however they are given", async () => {
    for (const [a, b] of [
      [prints.original!, prints.other!],
      [prints.original!, releases.other!],
      [releases.third!, prints.original!],
      [prints.light!, releases.other!],
    ] as const) {
      const { outcome, statistics } = await run(a, b);
      expect(outcome.says).toBe("nothing-found");
      expect(outcome.pValueLog10 ?? 0).toBeGreaterThan(-6);
      if (statistics?.sketches) expect(Math.abs(statistics.sketches.medianCosine ?? 1)).toBeLessThan(0.05);
    }
  });

  test("with the base given, a copy still matches and a sibling is explained by it", async () => {
    const ancestors = [prints.base!];
    const copy = await run(prints.original!, prints.noisy!, { ancestors });
    expect(copy.outcome.says).toBe("matches");
    expect(copy.statistics?.sketches?.medianRho).toBeGreaterThan(0.9);
    expect(Math.abs((copy.statistics?.sketches?.medianAlpha ?? 0) - 1)).toBeLessThan(0.1);
    const sibling = await run(prints.original!, prints.sibling!, { ancestors });
    expect(sibling.outcome.says).toBe("shared-ancestry");
    expect(Math.abs(sibling.statistics?.sketches?.medianRho ?? 1)).toBeLessThan(0.1);
  });

  test("rows that were permuted away are found again only beside two controls that show nothing", async () => {
    const controls = [releases.other!, releases.third!];
    const found = await run(prints.original!, releases.permuted!, { controls });
    expect(found.statistics?.rowSearch?.found).toBeGreaterThan(200);
    expect(found.statistics?.rowSearch?.controls.every((control) => (control?.found ?? 9) < 3)).toBe(true);
    expect(found.outcome.says).toBe("matches");
    const alone = await run(prints.original!, releases.permuted!);
    expect(alone.outcome.says).not.toBe("matches");
    expect(codes(alone.outcome)).toContain("rows-searched-without-controls");
    const innocent = await run(prints.original!, releases.fourth!, { controls });
    expect(innocent.outcome.says).toBe("nothing-found");
  });

  test("a light fingerprint gives a candidate and nothing more", async () => {
    const { outcome } = await run(prints.light!, releases.noisy!);
    expect(["candidate", "nothing-found"]).toContain(outcome.says);
    expect(outcome.pValueLog10).toBeNull();
    expect(codes(outcome)).toContain("light-fingerprint");
  });

  test("at level 3 roots and sketches of a release are computed", async () => {
    const parameters = { nonce: "", screened: 1, level: 3 } as const;
    const { outcome, statistics } = await run(prints.original!, releases.original!, { parameters });
    expect(statistics?.sides.suspect.computed).toBe(true);
    expect(outcome.says).toBe("same-tensors");
    const below = await run(prints.original!, releases.original!);
    expect(below.statistics?.roots).toBeNull();
  });

  test("swapping the sides changes nothing that was found", async () => {
    for (const [a, b, given] of [
      [prints.original!, prints.noisy!, {}],
      [prints.original!, releases.noisy!, {}],
      [prints.original!, prints.sibling!, { ancestors: [prints.base!] }],
      [prints.original!, releases.permuted!, { controls: [prints.other!, releases.third!] }],
    ] as const) {
      const [one, two] = [await run(a, b, given), await run(b, a, given)];
      expect(two.outcome.says).toBe(one.outcome.says);
      expect(two.outcome.pValueLog10).toBe(one.outcome.pValueLog10);
      expect(two.statistics?.simhash).toEqual(one.statistics?.simhash);
      expect(two.statistics?.sketches?.medianCosine).toBe(one.statistics?.sketches?.medianCosine);
      expect(two.statistics?.rowSearch).toEqual(one.statistics?.rowSearch);
    }
  });

  test("many models looked at make p larger", async () => {
    const parameters = { nonce: "", screened: 1000, level: 2 } as const;
    const [one, many] = [
      await run(prints.original!, prints.noisy!),
      await run(prints.original!, prints.noisy!, { parameters }),
    ];
    expect(many.outcome.pValueLog10).toBeCloseTo((one.outcome.pValueLog10 ?? 0) + 3, 4);
  });

  test("without a fingerprint, or without weights, nothing can be tested", async () => {
    expect((await run(releases.original!, releases.other!)).outcome.reasons[0]?.code).toBe("no-fingerprint");
    const empty = memoryRelease([{ path: "README.md", content: "x" }]);
    expect((await run(prints.original!, empty)).outcome.reasons[0]?.code).toBe("side-unreadable");
  });
});

async function filesOf(reader: ReleaseReader): Promise<MemoryFile[]> {
  const files: MemoryFile[] = [];
  for (const { path } of reader.release.files)
    files.push({ path, content: (await reader.readWhole(path, 1e9)) ?? new Uint8Array() });
  return files;
}
