import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type GgufTestTensor, ggufFile, ggufTensor } from "../../../../tests/support/gguf-file";
import { memoryRelease } from "../../../../tests/support/memory-release";
import { EngineError } from "../../errors";
import { openWeights } from "../../weights/open-weights";

const ramp = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);
const llama = {
  "general.architecture": "llama",
  "llama.embedding_length": 32,
  "llama.block_count": 1,
  "llama.attention.head_count": 4,
  "llama.attention.head_count_kv": 2,
};
const open = (content: Uint8Array) => openWeights(memoryRelease([{ path: "model.gguf", content }]));

async function values(content: Uint8Array, name: string): Promise<number[]> {
  const weights = await open(content);
  const tensor = weights?.tensors.get(name);
  if (!weights || !tensor) throw new Error(`no ${name}`);
  return [...((await weights.read(tensor, 0, tensor.rows * tensor.cols)) ?? [])];
}

describe("an honest file", () => {
  it("states its architecture, its places and that its embedding is its head", async () => {
    const file = ggufFile({ ...llama, "tokenizer.ggml.tokens": ["a", "b"] }, [
      ggufTensor("token_embd.weight", [4, 32], ramp(128)),
      ggufTensor("blk.0.ffn_up.weight", [2, 32], ramp(64), "Q8_0"),
    ]);
    const weights = await open(file);
    expect(weights?.config).toEqual({
      architecture: "llama",
      hidden: 32,
      layers: 1,
      heads: 4,
      kvHeads: 2,
      headDim: null,
      tiedEmbeddings: true,
    });
    expect(weights?.tensors.get("blk.0.ffn_up.weight")).toMatchObject({
      dtype: "Q8_0",
      rows: 2,
      cols: 32,
      bytes: 68,
      place: { role: "up", stack: "blk", layer: 0, group: "language-model" },
    });
  });

  it("reads no more blocks than the elements need, and knows their steps", async () => {
    const content = ggufFile(llama, [ggufTensor("blk.0.ffn_up.weight", [2, 64], ramp(128), "Q8_0")]);
    const reader = memoryRelease([{ path: "model.gguf", content }]);
    const asked: number[] = [];
    const weights = await openWeights({
      ...reader,
      read: (path, start, end) => {
        asked.push(end - start);
        return reader.read(path, start, end);
      },
    });
    const up = weights?.tensors.get("blk.0.ffn_up.weight");
    asked.length = 0;
    const read = up && (await weights?.read(up, 40, 50));
    expect([...(read ?? [])].every((value, i) => Math.abs(value - 40 - i) <= 0.25)).toBe(true);
    expect(asked).toEqual([34]);
    expect(up && (await weights?.steps(up, 31, 33))).toHaveLength(2);
  });

  it("has the rows of q and k as the model had them before its conversion", async () => {
    // Heads of 8 rows: stored as pairs (0, 4, 1, 5, …), row r of the model holds the numbers 32 r.
    const stored = new Float32Array(32 * 32);
    for (let head = 0; head < 4; head++) {
      for (let i = 0; i < 8; i++) {
        const row = head * 8 + (i % 2) * 4 + Math.floor(i / 2);
        stored.set(ramp(32, row * 32), (head * 8 + i) * 32);
      }
    }
    const q = ggufTensor("blk.0.attn_q.weight", [32, 32], stored);
    const v = ggufTensor("blk.0.attn_v.weight", [16, 32], ramp(512));
    expect(await values(ggufFile(llama, [q, v]), "blk.0.attn_q.weight")).toEqual([...ramp(1024)]);
    expect(await values(ggufFile(llama, [q, v]), "blk.0.attn_v.weight")).toEqual([...ramp(512)]);
    const qwen = ggufFile({ ...llama, "general.architecture": "qwen2" }, [q]);
    expect(await values(qwen, "blk.0.attn_q.weight")).toEqual([...stored]);
  });

  it("has Gemma's gains without the one that was added, and one matrix for each expert", async () => {
    const gemma = { "general.architecture": "gemma2", "gemma2.embedding_length": 2 };
    const norm = ggufTensor("blk.0.attn_norm.weight", [2], Float32Array.from([1.5, 0.75]));
    const experts = ggufTensor("blk.0.ffn_down_exps.weight", [3, 2, 4], ramp(24));
    const file = ggufFile(gemma, [norm, experts]);
    expect(await values(file, "blk.0.attn_norm.weight")).toEqual([0.5, -0.25]);
    expect(await values(file, "blk.0.ffn_down_exps.weight#expert2")).toEqual([...ramp(8, 16)]);
    const weights = await open(file);
    expect(weights?.tensors.get("blk.0.ffn_down_exps.weight#expert1")).toMatchObject({
      shape: [2, 4],
      place: { role: "down", expert: 1, layer: 0 },
    });
  });
});

describe("a long header", () => {
  it("is read piece by piece, whatever stands in its lists", async () => {
    const words = Array.from({ length: 60_000 }, (_, i) => `token ${i} ${"x".repeat(i % 40)}`);
    const metadata = {
      ...llama,
      "tokenizer.ggml.tokens": words,
      "tokenizer.ggml.types": words.map((_, i) => i),
    };
    const content = ggufFile({ ...metadata, "general.name": "m".repeat(700_000) }, [
      ggufTensor("a.weight", [1, 32], ramp(32)),
    ]);
    expect(await values(content, "a.weight")).toEqual([...ramp(32)]);
    expect((await open(content))?.config.heads).toBe(4);
  });

  it("may fill its file to the last byte", async () => {
    for (const length of [1_450_000, 1_600_000, 1_999_000]) {
      const content = ggufFile({ ...llama, "general.name": "m".repeat(length) }, [
        ggufTensor("a.weight", [1, 32], ramp(32)),
      ]);
      expect(await values(content, "a.weight")).toEqual([...ramp(32)]);
    }
  });
});

describe("several files", () => {
  const tensor = (name: string) => ggufTensor(name, [1, 32], ramp(32));
  it("parts of one model are read together", async () => {
    const part = (no: number, name: string) => ({
      path: `m-0000${no}-of-00002.gguf`,
      content: ggufFile({ ...(no === 1 ? llama : {}), "split.count": 2, "split.no": no - 1 }, [tensor(name)]),
    });
    const weights = await openWeights(memoryRelease([part(1, "a.weight"), part(2, "b.weight")]));
    expect([...(weights?.tensors.keys() ?? [])]).toEqual(["a.weight", "b.weight"]);
    const lying = { ...part(2, "b.weight"), content: ggufFile({ "split.count": 3 }, [tensor("b.weight")]) };
    await expect(openWeights(memoryRelease([part(1, "a.weight"), lying]))).rejects.toThrow("3");
  });

  it("of several precisions the finest is taken, and no tower", async () => {
    const fine = ggufFile(llama, [tensor("fine.weight")]);
    const coarse = ggufFile(llama, [ggufTensor("coarse.weight", [1, 32], ramp(32), "Q4_0")]);
    const tower = ggufFile(llama, [tensor("v.a.weight"), tensor("v.b.weight")]);
    const weights = await openWeights(
      memoryRelease([
        { path: "m-Q4_0.gguf", content: coarse },
        { path: "m-f32.gguf", content: fine },
        { path: "mmproj.gguf", content: tower },
      ]),
    );
    expect([...(weights?.tensors.keys() ?? [])]).toEqual(["fine.weight"]);
  });
});

async function refusal(content: Uint8Array): Promise<string | null> {
  try {
    const weights = await open(content);
    for (const tensor of weights?.tensors.values() ?? []) {
      await weights?.read(tensor, 0, Math.min(512, tensor.rows * tensor.cols));
    }
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    const { code, message } = error as EngineError;
    expect(code).toBe("malformed-file");
    expect(message).toMatch(/^model\.gguf: .+$/);
    expect(message.length).toBeLessThan(400);
    return message;
  }
}

const one: GgufTestTensor = ggufTensor("a.weight", [2, 32], ramp(64));
const honest = ggufFile(llama, [one, ggufTensor("b.weight", [2, 32], ramp(64), "Q8_0")]);

function patched(file: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(bytes, at);
  return copy;
}

const listed = Buffer.from(ggufFile({ list: ["zebra"] }, [one]));
const numbered = Buffer.from(ggufFile({ list: [7] }, [one]));
const ff8 = new Array(8).fill(255);
const lies: readonly (readonly [string, Uint8Array])[] = [
  ["is no GGUF file", patched(honest, 0, [1, 2, 3, 4])],
  ["is too short", honest.slice(0, 20)],
  ["ends inside its header", honest.slice(0, 150)],
  ["ends inside its data", honest.slice(0, -40)],
  ["states 2^64 tensors", patched(honest, 8, ff8)],
  ["states 2^64 metadata entries", patched(honest, 16, ff8)],
  ["states a million tensors", patched(honest, 8, [0x40, 0x42, 0x0f, 0, 0, 0, 0, 0])],
  ["has a key of 2^64 letters", patched(honest, 24, ff8)],
  ["has a key of 9,000,000 letters", patched(honest, 24, [0x40, 0x54, 0x89, 0, 0, 0, 0, 0])],
  ["has a list of 2^64 texts", patched(listed, listed.indexOf("\x08\0\0\0\x01\0\0\0\0\0\0\0") + 4, ff8)],
  [
    "has a list of a billion numbers",
    patched(numbered, numbered.indexOf("\x04\0\0\0\x01\0\0\0\0\0\0\0") + 4, [0, 0, 0, 64]),
  ],
  ["has a text of 2^40 bytes in a list", patched(listed, listed.indexOf("\x05\0\0\0\0\0\0\0zebra") + 5, [1])],
  [
    "has values of an unknown type",
    patched(numbered, numbered.indexOf("\x04\0\0\0\x01\0\0\0\0\0\0\0"), [77]),
  ],
  ["is of version 9", patched(honest, 4, [9, 0, 0, 0])],
  ["is big-endian", patched(honest, 4, [0, 0, 0, 3])],
  ["puts a tensor outside", ggufFile(llama, [{ ...one, statedOffset: 1n << 40n }])],
  ["puts a tensor at 2^63", ggufFile(llama, [{ ...one, statedOffset: 1n << 63n }])],
  ["puts two tensors in one place", ggufFile(llama, [one, { ...one, name: "b", statedOffset: 0n }])],
  ["leaves a tensor unaligned", ggufFile(llama, [one, { ...one, name: "b", statedOffset: 257n }])],
  ["names a tensor twice", ggufFile(llama, [one, one])],
  ["has a dimension of 0", ggufFile(llama, [{ ...one, statedShape: [0n] }])],
  ["has a dimension of 2^64", ggufFile(llama, [{ ...one, statedShape: [(1n << 64n) - 1n] }])],
  [
    "has dimensions that overflow",
    ggufFile(llama, [{ ...one, statedShape: [1n << 31n, 1n << 31n, 1n << 31n] }]),
  ],
  ["has five dimensions", ggufFile(llama, [{ ...one, statedShape: [32n, 2n, 1n, 1n, 1n] }])],
  ["has rows that fill no block", ggufFile(llama, [{ ...one, type: "Q8_0", statedShape: [20n] }])],
  ["states an alignment of 3", ggufFile({ ...llama, "general.alignment": 3 }, [one])],
  ["states an alignment of 2^31", ggufFile({ ...llama, "general.alignment": 2 ** 31 }, [one])],
  [
    "aligns otherwise than stated",
    ggufFile({ ...llama, "general.alignment": 4096 }, [one, { ...one, name: "b" }]),
  ],
  ["has a name with a line break", ggufFile(llama, [{ ...one, name: "a\nb" }])],
  ["has a name of 5,000 letters", ggufFile(llama, [{ ...one, name: "a".repeat(5000) }])],
];

test.each(lies)("a file that %s is refused", async (_, content) => {
  expect(await refusal(content)).not.toBeNull();
});

test("the honest file of these lies is not refused", async () => {
  expect(await refusal(honest)).toBeNull();
});

test("any damaged file is refused or read, and nothing else happens (fuzzed)", {
  timeout: 120_000,
}, async () => {
  const damage = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(honest.length), async (changes, cut) => {
      const copy = Uint8Array.from(honest);
      for (const [at, value] of changes) copy[at] = value;
      await refusal(cut % 3 === 0 ? copy.slice(0, cut) : copy);
    }),
    { numRuns: 150 },
  );
});
