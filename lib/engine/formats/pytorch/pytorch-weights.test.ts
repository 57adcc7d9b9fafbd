import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { memoryRelease } from "../../../../tests/support/memory-release";
import {
  type CheckpointTensor,
  checkpointFile,
  checkpointOf,
  global,
  integer,
  op,
  text,
  zipFile,
} from "../../../../tests/support/pytorch-file";
import { EngineError } from "../../errors";
import { openWeights } from "../../weights/open-weights";

const ramp = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);
const path = "pytorch_model.bin";
const release = (content: Uint8Array) => memoryRelease([{ path, content }]);

async function values(reader: ReturnType<typeof memoryRelease>, name: string): Promise<number[] | null> {
  const weights = await openWeights(reader);
  const tensor = weights?.tensors.get(name);
  if (!weights || !tensor) throw new Error(`no ${name} among ${[...(weights?.tensors.keys() ?? [])]}`);
  const read = await weights.read(tensor, 0, tensor.rows * tensor.cols);
  return read && [...read];
}

const up: CheckpointTensor = { name: "model.layers.0.mlp.up_proj.weight", shape: [3, 2], values: ramp(6) };

describe("an honest checkpoint", () => {
  it("gives tensors by range, bf16 too, wrapped in a training state or not", async () => {
    const half: CheckpointTensor = { name: "b", shape: [4], values: ramp(4), dtype: "BF16" };
    for (const wrapper of [undefined, "state_dict"]) {
      const reader = release(checkpointFile([up, half], wrapper));
      const weights = await openWeights(reader);
      expect(weights?.format).toBe("pytorch");
      expect([...(weights?.tensors.keys() ?? [])]).toEqual(["b", up.name]);
      expect(weights?.tensors.get(up.name)).toMatchObject({
        rows: 3,
        cols: 2,
        place: { role: "up", layer: 0 },
      });
      expect(await values(reader, up.name)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await values(reader, "b")).toEqual([0, 1, 2, 3]);
    }
  });

  it("turns a transposed view, looks into shared storages, and leaves other strides unread", async () => {
    const file = checkpointFile([
      up,
      { ...up, name: "expanded", shape: [2, 2], strides: [0, 1], shares: up.name },
      { ...up, name: "turned", shape: [2, 3], strides: [1, 2], shares: up.name },
      { ...up, name: "part", shape: [2], offset: 4, shares: up.name },
      { ...up, name: "column", shape: [3], strides: [2], shares: up.name },
    ]);
    expect(await values(release(file), "turned")).toEqual([0, 2, 4, 1, 3, 5]);
    expect((await openWeights(release(file)))?.tensors.get("turned")?.shape).toEqual([2, 3]);
    expect(await values(release(file), "part")).toEqual([4, 5]);
    expect(await values(release(file), "column")).toEqual([0, 2, 4]);
    expect(await values(release(file), "expanded")).toBeNull();
  });

  it("reads only the bytes asked for", async () => {
    const reader = release(checkpointFile([{ name: "w", shape: [100, 100], values: ramp(10_000) }]));
    const weights = await openWeights(reader);
    const asked: number[] = [];
    const watched = {
      ...reader,
      read: (name: string, start: number, end: number) => {
        asked.push(end - start);
        return reader.read(name, start, end);
      },
    };
    const again = await openWeights(watched);
    const w = weights?.tensors.get("w");
    asked.length = 0;
    expect(w && [...((await again?.read(w, 9990, 9992)) ?? [])]).toEqual([9990, 9991]);
    expect(Math.max(...asked)).toBeLessThan(100);
  });

  // Written by CPython's own pickle and zipfile: tests/fixtures/pytorch/make.py.
  it.each(["protocol-2.bin", "protocol-4.bin"])("may be written by another hand: %s", async (fixture) => {
    const reader = release(
      readFileSync(new URL(`../../../../tests/fixtures/pytorch/${fixture}`, import.meta.url)),
    );
    const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    expect(await values(reader, "model.embed_tokens.weight")).toEqual(rows);
    expect(await values(reader, "lm_head.weight")).toEqual(rows);
    expect(await values(reader, "turned")).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
    expect(await values(reader, "view")).toEqual([2, 3, 5, 6]);
    expect(await values(reader, "half")).toEqual([0.5, -2, 65504]);
  });

  it("comes in shards as its index says", async () => {
    const reader = memoryRelease([
      { path: "pytorch_model.bin.index.json", content: { weight_map: { a: "p-1.bin", b: "p-2.bin" } } },
      {
        path: "p-1.bin",
        content: checkpointFile([
          { ...up, name: "a" },
          { ...up, name: "not in the index" },
        ]),
      },
      { path: "p-2.bin", content: checkpointFile([{ ...up, name: "b" }]) },
    ]);
    expect([...((await openWeights(reader))?.tensors.keys() ?? [])]).toEqual(["a", "b"]);
  });
});

async function refusal(content: Uint8Array): Promise<string | null> {
  try {
    const weights = await openWeights(release(content));
    for (const tensor of weights?.tensors.values() ?? []) {
      await weights?.read(tensor, 0, Math.min(64, tensor.rows * tensor.cols));
    }
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    const { code, message } = error as EngineError;
    expect(code).toBe("malformed-file");
    expect(message).toMatch(/^pytorch_model\.bin: .+$/);
    expect(message.length).toBeLessThan(400);
    return message;
  }
}

const call = (module: string, name: string, ...args: Uint8Array[]) =>
  checkpointOf(Buffer.concat([global(module, name), op("("), ...args, op("tR")]));

describe("a pickle that wants more than tensors is refused by the name of what it wants", () => {
  test.each([
    ["os", "system"],
    ["posix", "system"],
    ["builtins", "eval"],
    ["__builtin__", "getattr"],
    ["builtins", "exec"],
    ["subprocess", "Popen"],
    ["torch._utils", "_rebuild_tensor"],
    ["torch", "load"],
    ["torch.hub", "load"],
    ["torch", "FloatStorage.__init__"],
    ["collections", "OrderedDict.__reduce__"],
    ["torch.jit", "_script"],
    ["argparse", "Namespace"],
    ["", "OrderedDict"],
    ["collections", "defaultdict"],
    ["torch", "constructor"],
    ["torch", "__proto__"],
  ])("%s.%s", async (module, name) => {
    expect(await refusal(call(module, name, text("id")))).toContain(`${module}.${name}`.slice(0, 40));
    const stacked = Buffer.concat([text(module), text(name), op("\x93")]);
    expect(await refusal(checkpointOf(stacked))).toContain(`${module}.${name}`.slice(0, 40));
  });
});

const tricks: readonly (readonly [string, Uint8Array])[] = [
  ["calls a storage type", call("torch", "FloatStorage", integer(1))],
  [
    "calls what is no callable",
    checkpointOf(Buffer.concat([text("os.system"), op("("), text("id"), op("tR")])),
  ],
  [
    "makes an instance (NEWOBJ)",
    checkpointOf(Buffer.concat([global("collections", "OrderedDict"), op(")\x81")])),
  ],
  ["makes an instance (INST)", checkpointOf(Buffer.concat([op("("), op("ios\nsystem\n")]))],
  [
    "makes an instance (OBJ)",
    checkpointOf(Buffer.concat([op("("), global("collections", "OrderedDict"), op("o")])),
  ],
  ["uses the extension registry", checkpointOf(op("\x82\x01"))],
  ["uses a text as a persistent id", checkpointOf(Buffer.concat([text("storage"), op("Q")]))],
  ["uses an out-of-band buffer", checkpointOf(op("\x97"))],
  ["sets the state of a list", checkpointOf(op("]}b"))],
  ["takes from an empty stack", checkpointOf(op("0"))],
  ["closes what it did not open", checkpointOf(op("t"))],
  ["recalls what it never had", checkpointOf(op("h\x07"))],
  ["leaves two things", checkpointOf(op("NN"))],
  ["leaves nothing", checkpointOf(op(""))],
  ["does not end", zipFile([{ name: "archive/data.pkl", content: Buffer.alloc(100, "]") }])],
  ["opens without end", checkpointOf(Buffer.alloc(20_000, "("))],
  ["fills the stack", checkpointOf(Buffer.alloc(1_100_000, "N"))],
  ["holds a text longer than itself", checkpointOf(Buffer.from("X\xff\xff\xff\x7fa", "latin1"))],
  [
    "holds a text of 2^64 bytes",
    checkpointOf(Buffer.from("\x8d\xff\xff\xff\xff\xff\xff\xff\xffa", "latin1")),
  ],
  [
    "holds an enormous number",
    checkpointOf(Buffer.concat([Buffer.from([0x8b, 0xff, 0, 0, 0]), Buffer.alloc(255)])),
  ],
  ["has a list as a key", checkpointOf(op("}(]Nu"))],
  ["looks behind its storage", checkpointFile([{ ...up, offset: 1 }])],
  ["looks far behind its storage", checkpointFile([{ ...up, strides: [2 ** 30, 1] }])],
  ["looks before its storage", checkpointFile([{ ...up, offset: -1 }])],
  ["has a negative stride", checkpointFile([{ ...up, strides: [-2, 1] }])],
  ["has more strides than dimensions", checkpointFile([{ ...up, strides: [2, 1, 1] }])],
  ["states a larger storage than there is", checkpointFile([{ ...up, statedElements: 60 }])],
  ["has an unusable name", checkpointFile([{ ...up, name: "a\nb" }])],
];

test.each(tricks)("a pickle that %s is refused", async (_, content) => {
  expect(await refusal(content)).not.toBeNull();
});

test("a container that holds itself, or is held a million times over, is walked once", async () => {
  // l = []; l.append(l) — and twenty lists each holding the next ten times.
  expect(await refusal(checkpointOf(op("]q\x01h\x01a")))).toBeNull();
  const levels = Array.from({ length: 20 }, (_, i) =>
    Buffer.concat([
      op("]q"),
      Buffer.from([i + 1]),
      op("("),
      ...Array.from({ length: i && 10 }, () => Buffer.from([0x68, i])),
      op("e"),
    ]),
  );
  expect(await refusal(checkpointOf(Buffer.concat([op("("), ...levels, op("t")])))).toBeNull();
});

const pickle = { name: "archive/data.pkl", content: Buffer.from([0x80, 2, 0x7d, 0x2e]) };
const data = { name: "archive/data/0", content: Buffer.alloc(16) };
const honestZip = zipFile([pickle, data]);
const patched = (at: number, bytes: number[]) => {
  const copy = Uint8Array.from(honestZip);
  copy.set(bytes, at < 0 ? copy.length + at : at);
  return copy;
};

const archives: readonly (readonly [string, Uint8Array])[] = [
  ["is of the old format", Buffer.concat([Buffer.from([0x80, 2, 0x8a, 10]), Buffer.alloc(200)])],
  ["is a text", Buffer.from("version https://git-lfs.github.com/spec/v1\n".padEnd(100, "x"))],
  ["is too short", Buffer.from("PK")],
  ["has no end record", honestZip.slice(0, -22)],
  ["has a compressed entry", zipFile([pickle, { ...data, method: 8 }])],
  ["states a bomb", zipFile([pickle, { ...data, method: 8, stated: { size: 2 ** 31, stored: 16 } }])],
  ["states more than it stores", zipFile([pickle, { ...data, stated: { size: 2 ** 30, stored: 16 } }])],
  ["states more than there is", zipFile([pickle, { ...data, stated: { size: 2 ** 30 } }])],
  [
    "has two entries in one place",
    zipFile([pickle, data, { ...data, name: "archive/data/1", stated: { header: 64 } }]),
  ],
  ["has an entry in the directory", zipFile([pickle, { ...data, stated: { header: 2 ** 20 } }])],
  ["names an entry twice", zipFile([pickle, pickle])],
  [
    "names an entry otherwise in its header",
    zipFile([{ ...pickle, stated: { name: "archive/data.pkl".replace("r", "s") } }]),
  ],
  [
    "has a header of another name",
    zipFile([{ ...pickle, name: "archive/xata.pkl", stated: { name: "archive/data.pkl" } }]),
  ],
  ["has no pickle", zipFile([data])],
  ["has two pickles", zipFile([pickle, { ...pickle, name: "other/data.pkl" }])],
  ["is big-endian", zipFile([pickle, { name: "archive/byteorder", content: Buffer.from("big") }])],
  ["spans disks", patched(-18, [1, 0])],
  ["states 65,000 entries", patched(-14, [0xe8, 0xfd, 0xe8, 0xfd])],
  ["states a directory of 4 GiB", patched(-10, [0xfe, 0xff, 0xff, 0xff])],
  ["states its directory elsewhere", patched(-6, [1, 0, 0, 0])],
  ["has two end records that disagree", patched(-22 - 20 - 56 + 32, [9])],
  ["has a zip64 record elsewhere", patched(-22 - 20 + 8, [0])],
];

test.each(archives)("an archive that %s is refused", async (_, content) => {
  expect(await refusal(content)).not.toBeNull();
});

test("the old format is refused with advice", async () => {
  expect(await refusal(archives[0]?.[1] ?? new Uint8Array())).toContain("safetensors");
});

test("archives with and without the long end record are read", async () => {
  expect(await refusal(honestZip)).toBeNull();
  expect(await refusal(zipFile([pickle, data], { zip64: false }))).toBeNull();
});

test("any damaged checkpoint is refused or read, and nothing else happens (fuzzed)", {
  timeout: 120_000,
}, async () => {
  const honest = checkpointFile([up, { ...up, name: "b", dtype: "F16" }]);
  const damage = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(honest.length), async (changes, cut) => {
      const copy = Uint8Array.from(honest);
      for (const [at, value] of changes) copy[at] = value;
      await refusal(cut % 4 === 0 ? copy.slice(0, cut) : copy);
    }),
    { numRuns: 600 },
  );
});

test("any pickle is refused or read, and nothing else happens (fuzzed)", { timeout: 120_000 }, async () => {
  const opcodes = fc.constantFrom(..."(]}).NtdlaesuRbcQqrhj0X\x80\x85\x86\x87\x88\x8a\x8c\x93\x94\x95");
  const word = fc.oneof(opcodes.map(op), fc.uint8Array({ maxLength: 4 }).map(Buffer.from));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 60 }), async (words) => {
      await refusal(checkpointOf(Buffer.concat(words)));
    }),
    { numRuns: 600 },
  );
});
