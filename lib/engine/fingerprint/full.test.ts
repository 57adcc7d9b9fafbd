import { beforeAll, describe, expect, test, vi } from "vitest";
import { type MemoryFile, memoryRelease } from "@/tests/support/memory-release";
import { safetensorsOf } from "@/tests/support/safetensors-of";
import { gaussians, llamaTensors } from "@/tests/support/small-weights";
import type { ReleaseReader } from "../io/source/release";
import { openWeights } from "../weights/open-weights";
import { fingerprintText, parseFingerprint } from "./document";
import { makeFullFingerprint } from "./make-full";
import { unpackFloats, unpackInt8 } from "./packed";
import { type FullFingerprint, projectedWidth, sketchWidth } from "./schema";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Values = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

const model = (seed: string) => llamaTensors(seed, { layers: 2, hidden: 64, inner: 256, vocabulary: 300 });

/** safetensors of float32 in one or two files. */
function release(tensors: Values, shards = 1): ReleaseReader {
  const names = [...tensors.keys()];
  const files: MemoryFile[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const own = names.filter((_, index) => index % shards === shard);
    const here = new Map(own.map((name) => [name, tensors.get(name)!]));
    files.push({ path: `model-${shard}.safetensors`, content: safetensorsOf(here) });
  }
  const vocab = Object.fromEntries(Array.from({ length: 300 }, (_, id) => [`token-${id}`, id]));
  files.push({ path: "tokenizer.json", content: { model: { vocab, merges: [] } } });
  files.push({
    path: "config.json",
    content: { model_type: "llama", hidden_size: 64, num_hidden_layers: 2 },
  });
  return memoryRelease(files);
}

async function fingerprint(reader: ReleaseReader, threads = 0): Promise<FullFingerprint> {
  const weights = await openWeights(reader);
  if (weights === null) throw new Error("no weights");
  return makeFullFingerprint(reader, weights, { threads });
}

const sketchOf = (document: FullFingerprint, name: string) => {
  const tensor = document.tensors.find((one) => one.name === name);
  return unpackFloats(tensor?.sketch ?? "", sketchWidth) as Float32Array;
};
const cosine = (a: Float32Array, b: Float32Array) => {
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    ab += a[at]! * b[at]!;
    aa += a[at]! * a[at]!;
    bb += b[at]! * b[at]!;
  }
  return ab / Math.sqrt(aa * bb);
};

let made: FullFingerprint;
beforeAll(async () => {
  made = await fingerprint(release(model("a")));
});

describe("the full fingerprint", () => {
  test("is read back as it was written; threads and shards change nothing of the tensors", async () => {
    expect(parseFingerprint(Buffer.from(fingerprintText(made)), "fp.json")).toEqual(made);
    const threaded = await fingerprint(release(model("a")), 2);
    expect(threaded.digest).toBe(made.digest);
    const sharded = await fingerprint(release(model("a"), 2));
    expect(sharded.tensors).toEqual(made.tensors);
    expect(sharded.projected).toEqual(made.projected);
    expect(sharded.digest).not.toBe(made.digest);
  });

  test("carries what the tensors are", () => {
    expect(made.tensors).toHaveLength(9);
    const up = made.tensors.find(({ name }) => name === "model.layers.1.mlp.up_proj.weight");
    expect(up).toMatchObject({ rows: 256, cols: 64, dtype: "F32", place: { role: "up", layer: 1 } });
    expect(Math.abs((up?.sd ?? 0) - 0.02)).toBeLessThan(0.001);
    expect(up?.rowNorms).toHaveLength(32);
    expect(up?.root).toMatch(/^[0-9a-f]{64}$/);
    expect(made.projected.map(({ tensor, rows }) => [tensor, rows])).toEqual([
      ["model.layers.0.mlp.up_proj.weight", 256],
      ["model.layers.1.mlp.up_proj.weight", 256],
    ]);
    const rows = unpackInt8(made.projected[0]?.values ?? "", 256 * projectedWidth) as Int8Array;
    const sd = Math.sqrt(rows.reduce((sum, value) => sum + value * value, 0) / rows.length);
    expect(Math.abs(sd - 32)).toBeLessThan(1.5);
    expect(made.tokenizer?.tokens).toBe(300);
    expect(made.embeddings?.anchors).toBe(300);
    expect(made.simhash).toMatch(/^[0-9a-f]{256}$/);
  });

  test("sketches are linear: sk(O) − sk(B) = sk(O − B)", async () => {
    const [o, b] = [model("o"), model("b")];
    const difference = new Map(
      [...o].map(([name, { shape, values }]) => {
        const other = b.get(name)!.values;
        return [name, { shape, values: values.map((value, at) => value - other[at]!) }] as const;
      }),
    );
    const [fo, fb, fd] = await Promise.all([o, b, difference].map((one) => fingerprint(release(one))));
    for (const name of o.keys()) {
      const [so, sb, sd] = [sketchOf(fo!, name), sketchOf(fb!, name), sketchOf(fd!, name)];
      const size = Math.sqrt(sd.reduce((sum, value) => sum + value * value, 0));
      for (const [at, value] of sd.entries())
        expect(Math.abs(so[at]! - sb[at]! - value)).toBeLessThan(1e-5 * size);
    }
  });

  test.each([0, 0.5, 0.9])("at cosine %f the sketches' cosines have sd (1 − c²)/√k", async (c) => {
    const rest = Math.sqrt(1 - c * c);
    const pairs = 48;
    const cols = 2048;
    const [a, b] = [new Map<string, { shape: number[]; values: Float32Array }>(), new Map()];
    // Each layer of its own: 16 rows of 2,048 columns, so that every bucket takes 32 values.
    for (let pair = 0; pair < pairs; pair++) {
      const name = `model.layers.${pair}.mlp.up_proj.weight`;
      const values = gaussians(`a ${c} ${pair}`, 16 * cols, 1);
      const noise = gaussians(`n ${c} ${pair}`, 16 * cols, 1);
      a.set(name, { shape: [16, cols], values });
      b.set(name, { shape: [16, cols], values: values.map((value, at) => c * value + rest * noise[at]!) });
    }
    const [fa, fb] = [await fingerprint(release(a)), await fingerprint(release(b))];
    const found = [...a.keys()].map((name) => cosine(sketchOf(fa, name), sketchOf(fb, name)));
    const mean = found.reduce((sum, value) => sum + value, 0) / pairs;
    const sd = Math.sqrt(found.reduce((sum, value) => sum + (value - c) ** 2, 0) / pairs);
    const stated = (1 - c * c) / Math.sqrt(sketchWidth);
    expect(Math.abs(mean - c)).toBeLessThan((4 * stated) / Math.sqrt(pairs) + 0.002);
    // The sd of 48 draws is known to a tenth; the values' own sample cosine adds (1 − c²)/√32768, an 18 % of it.
    expect(sd / stated).toBeGreaterThan(0.65);
    expect(sd / stated).toBeLessThan(1.4);
  });

  test("bytes that cannot be had and values that are no numbers end in one clear error", async () => {
    const broken = model("a");
    const first = [...broken.keys()][0]!;
    const { shape, values } = broken.get(first)!;
    broken.set(first, { shape, values: values.map((value, at) => (at === 7 ? Number.NaN : value)) });
    await expect(fingerprint(release(broken))).rejects.toMatchObject({ code: "malformed-file" });
    const whole = release(model("a"));
    const gone: ReleaseReader = {
      ...whole,
      read: async (path, start, end) => (start > 100_000 ? null : whole.read(path, start, end)),
    };
    await expect(fingerprint(gone)).rejects.toMatchObject({ code: "bad-input" });
  });

  test("a folder's large files, which have no hash, are known by their local names when it goes on", async () => {
    const kept = new Map<string, Uint8Array>();
    const store = {
      get: async (key: string) => kept.get(key) ?? null,
      put: async (key: string, value: Uint8Array) => void kept.set(key, value),
    };
    const listed = release(model("a"));
    const files = listed.release.files.map((file) => ({ ...file, gitOid: null, lfsSha256: null }));
    const plain = { ...listed, release: { ...listed.release, files } };
    const weights = (await openWeights(plain))!;
    await makeFullFingerprint(plain, weights, { threads: 0, store });
    expect(kept.size).toBe(0);
    const named = { ...plain, localNames: new Map(files.map(({ path }) => [path, "a".repeat(40)])) };
    const first = await makeFullFingerprint(named, weights, { threads: 0, store });
    expect(kept.size).toBeGreaterThan(0);
    const before = kept.size;
    const taken = await makeFullFingerprint(named, weights, { threads: 0, store });
    expect([taken.digest, kept.size]).toEqual([first.digest, before]);
  });

  test("goes on where it was stopped, and gives the same", async () => {
    const kept = new Map<string, Uint8Array>();
    const store = {
      get: async (key: string) => kept.get(key) ?? null,
      put: async (key: string, value: Uint8Array) => void kept.set(key, value),
    };
    const whole = release(model("a"));
    const weights = (await openWeights(whole))!;
    const stop = new AbortController();
    const stopped = makeFullFingerprint(whole, weights, {
      threads: 0,
      store,
      signal: stop.signal,
      onProgress: (part) => part > 0.4 && stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    const before = kept.size;
    expect(before).toBeGreaterThan(0);
    const again = await makeFullFingerprint(whole, weights, { threads: 0, store });
    expect(again.digest).toBe(made.digest);
    expect(kept.size).toBeGreaterThan(before);
  });
});
