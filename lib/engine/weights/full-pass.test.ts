import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ggufFile, ggufTensor } from "../../../tests/support/gguf-file";
import { type MemoryFile, memoryRelease } from "../../../tests/support/memory-release";
import { seededTensor, tensorFile } from "../../../tests/support/tensor-files";
import type { ReleaseReader } from "../io/source/release";
import { countSketch } from "../kernels";
import { merkleRoot } from "./full-pass-merkle";
import { passOverRelease } from "./full-pass-release";
import type { LeafStore } from "./full-pass-store";
import { type TensorPass, tensorSketchKey } from "./full-pass-tensor";
import { openWeights } from "./open-weights";

const MiB = 1024 * 1024;
const embedding = seededTensor("model.embed_tokens.weight", "BF16", [700, 1536], 1);
const up = seededTensor("model.layers.0.mlp.up_proj.weight", "F32", [300, 1000], 2);
const norm = seededTensor("model.norm.weight", "F16", [1536], 3);
const files: MemoryFile[] = [
  { path: "model.safetensors", content: tensorFile([embedding, up, norm]) },
  { path: "config.json", content: { model_type: "llama", hidden_size: 1536 } },
];

async function passed(reader: ReleaseReader, options: Partial<Parameters<typeof passOverRelease>[1]> = {}) {
  const tensors = new Map<string, TensorPass>();
  const read = await passOverRelease(reader, {
    threads: 0,
    ...options,
    onTensor: (tensor) => tensors.set(tensor.tensor.name, tensor),
  });
  return { read, tensors };
}

/** What a pass found, as bits. */
const bits = ({ read, tensors }: Awaited<ReturnType<typeof passed>>) =>
  JSON.stringify([
    read,
    [...tensors].map(([name, { root, shape, rowNorms, sketch, leaves }]) => [
      name,
      root,
      shape,
      rowNorms,
      Buffer.from(sketch?.buffer as ArrayBuffer).toString("hex"),
      Buffer.from(leaves ?? []).toString("hex"),
    ]),
  ]);

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

describe("a pass over a release", () => {
  it("hashes each tensor in leaves of its own, and the whole file", async () => {
    const { read, tensors } = await passed(memoryRelease(files));
    const leaf = (from: number, to?: number) => sha256(embedding.bytes.subarray(from, to));
    const leaves = [leaf(0, MiB), leaf(MiB, 2 * MiB), leaf(2 * MiB)];
    expect(Buffer.from(tensors.get(embedding.name)?.leaves ?? [])).toEqual(Buffer.concat(leaves));
    expect(tensors.get(embedding.name)?.root).toBe(merkleRoot(Buffer.concat(leaves)));
    expect(tensors.get(norm.name)?.root).toBe(merkleRoot(sha256(norm.bytes)));
    const size = (files[0] as { content: Uint8Array }).content.length;
    expect(read).toEqual([
      { path: "model.safetensors", bytes: size, leaves: 7, root: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it("describes values as plain sums do", async () => {
    const { tensors } = await passed(memoryRelease(files));
    for (const { name, values, cols } of [embedding, up, norm]) {
      const found = tensors.get(name);
      const n = values.length;
      const mean = values.reduce((sum, x) => sum + x, 0) / n;
      const power = (p: number) => values.reduce((sum, x) => sum + (x - mean) ** p, 0) / n;
      expect(found?.shape?.mean).toBeCloseTo(mean, 8);
      expect(found?.shape?.sd).toBeCloseTo(Math.sqrt(power(2)), 7);
      expect(found?.shape?.kurtosis).toBeCloseTo(power(4) / power(2) ** 2 - 3, 4);
      const key = tensorSketchKey(found?.tensor as TensorPass["tensor"]);
      const sketch = countSketch(values, 0, cols, key);
      sketch.forEach((expected, i) => {
        expect(Math.abs((found?.sketch?.[i] ?? Number.NaN) - expected)).toBeLessThan(1e-4);
      });
      expect(found?.rowNorms).toHaveLength(32);
      expect(found?.rowNorms?.toSorted((a, b) => a - b)).toEqual(found?.rowNorms);
    }
  });

  it("gives the same bits on the calling thread, in one thread and in three", {
    timeout: 60_000,
  }, async () => {
    const [none, one, three] = [
      await passed(memoryRelease(files)),
      await passed(memoryRelease(files), { threads: 1 }),
      await passed(memoryRelease(files), { threads: 3 }),
    ];
    expect(bits(one)).toBe(bits(none));
    expect(bits(three)).toBe(bits(none));
  });

  it("goes on where it was stopped, and finds the same", async () => {
    const kept = new Map<string, Uint8Array>();
    const stop = new AbortController();
    const store: LeafStore = {
      get: async (key) => kept.get(key) ?? null,
      put: async (key, value) => {
        kept.set(key, value);
        if (kept.size === 2) stop.abort();
      },
    };
    const counted = (reader: ReleaseReader) => {
      let bytes = 0;
      const counting: ReleaseReader = {
        ...reader,
        read: (path, start, end, signal) => {
          bytes += end - start;
          return reader.read(path, start, end, signal);
        },
      };
      return { counting, bytes: () => bytes };
    };
    await expect(passed(memoryRelease(files), { store, signal: stop.signal })).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(kept.size).toBeGreaterThanOrEqual(2);
    const second = counted(memoryRelease(files));
    const resumed = await passed(second.counting, { store });
    const first = counted(memoryRelease(files));
    const fresh = await passed(first.counting);
    expect(bits(resumed)).toBe(bits(fresh));
    expect(second.bytes()).toBeLessThan(first.bytes());
    // A damaged entry is read anew.
    for (const [key, value] of kept) kept.set(key, value.with(40, 1 ^ (value[40] as number)));
    expect(bits(await passed(memoryRelease(files), { store }))).toBe(bits(fresh));
  });

  it("has no root and no shape for a tensor whose bytes are gone, and none for the file", async () => {
    const reader = memoryRelease(files);
    const gone: ReleaseReader = {
      ...reader,
      read: async (path, start, end, signal) => (start > MiB ? null : reader.read(path, start, end, signal)),
    };
    const { read, tensors } = await passed(gone);
    expect(tensors.get(norm.name)).toMatchObject({ root: null, shape: null, sketch: null });
    expect(read[0]?.root).toBeNull();
  });

  it("has no shape where values are not finite, but a root", async () => {
    const bad = seededTensor("w", "F32", [4, 8], 1);
    new DataView(bad.bytes.buffer, bad.bytes.byteOffset).setFloat32(8, Number.NaN, true);
    const { tensors } = await passed(
      memoryRelease([{ path: "model.safetensors", content: tensorFile([bad]) }]),
    );
    expect(tensors.get("w")).toMatchObject({ shape: null, rowNorms: null, root: expect.any(String) });
  });

  it("decodes what the kernels do not know, and hashes it all the same", async () => {
    const narrow = { ...seededTensor("w", "F32", [64, 96], 1), dtype: "F8_E4M3" };
    const bytes = narrow.bytes.slice(0, 64 * 96).map((byte) => byte & 0x77);
    const content = tensorFile([{ ...narrow, bytes }]);
    const { tensors, read } = await passed(memoryRelease([{ path: "model.safetensors", content }]));
    expect(tensors.get("w")?.root).toBe(merkleRoot(sha256(bytes)));
    expect(tensors.get("w")?.shape?.sd).toBeGreaterThan(0);
    expect(read[0]?.root).not.toBeNull();
  });
});

describe("the Merkle root", () => {
  const digest = (text: string) => sha256(Buffer.from(text));
  const entry = (d: Buffer) => sha256(Buffer.concat([Buffer.of(0), d]));
  const node = (a: Buffer, b: Buffer) => sha256(Buffer.concat([Buffer.of(1), a, b]));
  const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(digest) as [Buffer, Buffer, Buffer, Buffer, Buffer];

  it("is that of RFC 6962", () => {
    expect(merkleRoot(new Uint8Array())).toBe(sha256(Buffer.of()).toString("hex"));
    expect(merkleRoot(a)).toBe(entry(a).toString("hex"));
    const three = node(node(entry(a), entry(b)), entry(c));
    expect(merkleRoot(Buffer.concat([a, b, c]))).toBe(three.toString("hex"));
    const five = node(node(node(entry(a), entry(b)), node(entry(c), entry(d))), entry(e));
    expect(merkleRoot(Buffer.concat([a, b, c, d, e]))).toBe(five.toString("hex"));
  });
});

describe("formats that the kernels do not read by themselves", () => {
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 50 - 1);

  it("reads each byte of a GGUF file once, and decodes it", async () => {
    const metadata = {
      "general.architecture": "llama",
      "llama.embedding_length": 64,
      "llama.block_count": 1,
      "llama.attention.head_count": 4,
      "llama.attention.head_count_kv": 4,
    };
    const content = ggufFile(metadata, [
      ggufTensor("token_embd.weight", [40, 64], ramp(40 * 64)),
      ggufTensor("blk.0.attn_q.weight", [64, 64], ramp(64 * 64), "Q8_0"),
      ggufTensor("blk.0.ffn_up.weight", [96, 64], ramp(96 * 64), "Q8_0"),
    ]);
    const release = memoryRelease([{ path: "model.gguf", content }]);
    const times = new Int8Array(content.length);
    const counting = (step: 1 | -1): ReleaseReader => ({
      ...release,
      read: (path, start, end, signal) => {
        for (let i = start; i < end; i++) times[i] = (times[i] as number) + step;
        return release.read(path, start, end, signal);
      },
    });
    const { read, tensors } = await passed(counting(1));
    // What opening the file takes is not counted.
    await openWeights(counting(-1));
    expect(read).toMatchObject([{ path: "model.gguf", bytes: content.length, root: expect.any(String) }]);
    expect([...tensors.values()].map(({ root, shape }) => [typeof root, typeof shape?.sd])).toEqual(
      Array.from({ length: tensors.size }, () => ["string", "number"]),
    );
    expect(new Set([...tensors.values()].map(({ root }) => root)).size).toBe(3);
    expect(Math.max(...times)).toBe(1);
    expect(Math.min(...times)).toBe(1);
  });

  it("gives the parts of a fused matrix roots of their own, the same as when they stand alone", async () => {
    const part = (name: string, seed: number) =>
      seededTensor(`model.layers.0.self_attn.${name}.weight`, "BF16", [64, 64], seed);
    const parts = [part("q_proj", 1), part("k_proj", 2), part("v_proj", 3)];
    const fused = {
      ...seededTensor("model.layers.0.self_attn.qkv_proj.weight", "BF16", [192, 64], 9),
      bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
    };
    const config: MemoryFile = {
      path: "config.json",
      content: {
        model_type: "phi3",
        hidden_size: 64,
        num_attention_heads: 4,
        num_key_value_heads: 4,
        head_dim: 16,
      },
    };
    const of = async (own: Parameters<typeof tensorFile>[0]) =>
      [
        ...(
          await passed(memoryRelease([{ path: "model.safetensors", content: tensorFile(own) }, config]))
        ).tensors.values(),
      ]
        .map(({ tensor, root }) => `${tensor.place.role} ${root}`)
        .sort();
    expect(await of([fused])).toEqual(await of(parts));
  });

  it("has no tensors where there are no weights", async () => {
    const { read, tensors } = await passed(memoryRelease([{ path: "config.json", content: "{}" }]));
    expect([read, tensors.size]).toEqual([[], 0]);
  });
});
