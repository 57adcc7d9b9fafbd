import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type MemoryFile, memoryRelease } from "../../../../tests/support/memory-release";
import {
  bytesField,
  onnxFile,
  onnxGraph,
  onnxTensor,
  varint,
  varintField,
} from "../../../../tests/support/onnx-file";
import { EngineError } from "../../errors";
import { openWeights } from "../../weights/open-weights";

const ramp = (length: number, from = 0) => Float32Array.from({ length }, (_, i) => from + i);
const path = "model.onnx";
const release = (content: Uint8Array, beside: MemoryFile[] = []) =>
  memoryRelease([{ path, content }, ...beside]);

async function values(reader: ReturnType<typeof memoryRelease>, name: string): Promise<number[]> {
  const weights = await openWeights(reader);
  const tensor = weights?.tensors.get(name);
  if (!weights || !tensor) throw new Error(`no ${name} among ${[...(weights?.tensors.keys() ?? [])]}`);
  return [...((await weights.read(tensor, 0, tensor.rows * tensor.cols)) ?? [])];
}

describe("an honest model", () => {
  it("gives MatMul weights as [out, in], under the path of the node where the exporter made the name up", async () => {
    const file = onnxFile(
      [{ op: "MatMul", name: "/model/layers.0/mlp/up_proj/MatMul", inputs: ["x", "onnx::MatMul_12"] }],
      [onnxTensor("onnx::MatMul_12", [2, 3], ramp(6))],
    );
    const weights = await openWeights(release(file));
    const up = weights?.tensors.get("model.layers.0.mlp.up_proj.weight");
    expect(up).toMatchObject({ stored: "onnx::MatMul_12", shape: [3, 2], place: { role: "up", layer: 0 } });
    expect(await values(release(file), "model.layers.0.mlp.up_proj.weight")).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it("names by rank what has neither name nor path, and turns Gemm's matrix unless it is transposed already", async () => {
    const file = onnxFile(
      [
        { op: "Gemm", inputs: ["x", "onnx::Gemm_1"], transB: 1 },
        { op: "Gemm", inputs: ["y", "onnx::Gemm_2"] },
      ],
      [onnxTensor("onnx::Gemm_1", [2, 3], ramp(6)), onnxTensor("onnx::Gemm_2", [2, 3], ramp(6))],
    );
    expect(await values(release(file), "Gemm_0")).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await values(release(file), "Gemm_1")).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it("has its numbers in float_data, int32_data, Constant nodes and subgraphs too", async () => {
    const branch = onnxGraph([], [{ name: "inner", shape: [2], floats: [1.5, -2] }]);
    const file = onnxFile(
      [
        { op: "Constant", inputs: [], outputs: ["c"], value: { name: "", shape: [2], floats: [7, 8] } },
        { op: "If", inputs: ["x"], graphs: [branch, branch] },
      ],
      [{ name: "h", shape: [3], type: 10, integers: [0x3c00, 0xc000, 0x0001] }],
    );
    expect(await values(release(file), "c")).toEqual([7, 8]);
    expect(await values(release(file), "inner~2")).toEqual([1.5, -2]);
    expect(await values(release(file), "h")).toEqual([1, -2, 2 ** -24]);
  });

  it("takes the branch that an exporter glued to its names as a word, and leaves shape arithmetic out", async () => {
    const inlined = (branch: string) =>
      onnxGraph([], [onnxTensor(`If_0_${branch}__Inline_0__encoder.0.weight`, [2, 3], ramp(6))]);
    const file = onnxFile(
      [{ op: "If", inputs: ["x"], graphs: [inlined("then_branch"), inlined("else_branch")] }],
      [
        { name: "axes", shape: [2], type: 7, integers: [0, 1] },
        { name: "ids", shape: [1, 2], type: 7, integers: [0, 1] },
      ],
    );
    expect([...((await openWeights(release(file)))?.tensors.keys() ?? [])]).toEqual([
      "If_0_else_branch.encoder.0.weight",
      "If_0_then_branch.encoder.0.weight",
      "ids",
    ]);
  });

  it("reads external data by range, and no more of a large tensor than asked for", async () => {
    const raw = new Uint8Array(ramp(64).buffer);
    const external = { location: "model.onnx_data", offset: "128", length: "128" };
    const file = onnxFile([], [{ name: "w", shape: [8, 4], external }]);
    expect((await values(release(file, [{ path: "model.onnx_data", content: raw }]), "w"))[0]).toBe(32);
    const inline = onnxFile([], [onnxTensor("big", [1000, 100], ramp(100_000))]);
    let asked = 0;
    const reader = release(inline);
    const weights = await openWeights({
      ...reader,
      read: (name, start, end) => {
        asked += end - start;
        return reader.read(name, start, end);
      },
    });
    const big = weights?.tensors.get("big");
    expect(big && [...((await weights?.read(big, 99_990, 99_992)) ?? [])]).toEqual([99_990, 99_991]);
    expect(asked).toBeLessThan(20_000);
  });

  it("has no values where its external file is not there", async () => {
    const file = onnxFile([], [{ name: "w", shape: [8], external: { location: "gone.bin" } }]);
    const weights = await openWeights(release(file));
    const w = weights?.tensors.get("w");
    expect(w && (await weights?.read(w, 0, 8))).toBeNull();
  });

  it("is one of several: coarser copies are left out, and names tell the files apart", async () => {
    const model = (name: string) => onnxFile([], [onnxTensor(name, [2], ramp(2))]);
    const weights = await openWeights(
      memoryRelease([
        { path: "onnx/encoder.onnx", content: model("a") },
        { path: "onnx/decoder.onnx", content: model("a") },
        { path: "onnx/decoder_quantized.onnx", content: model("q") },
      ]),
    );
    expect([...(weights?.tensors.keys() ?? [])]).toEqual(["decoder.a", "encoder.a"]);
  });
});

async function refusal(content: Uint8Array, beside: MemoryFile[] = []): Promise<string | null> {
  try {
    const weights = await openWeights(release(content, beside));
    for (const tensor of weights?.tensors.values() ?? []) {
      await weights?.read(tensor, 0, Math.min(64, tensor.rows * tensor.cols));
    }
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    const { code, message } = error as EngineError;
    expect(code).toBe("malformed-file");
    expect(message).toMatch(/^model\.onnx: .+$/);
    expect(message.length).toBeLessThan(400);
    return message;
  }
}

const good = onnxTensor("w", [2, 3], ramp(6));
const nested = (depth: number): Uint8Array =>
  depth === 0 ? onnxGraph([], []) : onnxGraph([{ op: "If", inputs: [], graphs: [nested(depth - 1)] }], []);
const away = (location: string) => onnxFile([], [{ name: "w", shape: [2], external: { location } }]);
const outside = (entries: Record<string, string>) =>
  onnxFile([], [{ name: "w", shape: [2], external: { location: "d.bin", ...entries } }]);

const lies: readonly (readonly [string, Uint8Array])[] = [
  ["is a pointer, no model", Buffer.from("version https://git-lfs.github.com/spec/v1\n")],
  ["has no graph", varintField(1, 8n)],
  ["has two graphs", Buffer.concat([onnxFile([], [good]), bytesField(7, onnxGraph([], [good]))])],
  ["states a graph of 2^64 bytes", bytesField(7, onnxGraph([], [good]), (1n << 64n) - 1n)],
  ["states a graph longer than the file", bytesField(7, onnxGraph([], [good]), 9999n)],
  ["ends inside its graph", onnxFile([], [good]).slice(0, -3)],
  ["has a number without an end", Buffer.concat([varint(8n), Buffer.alloc(12, 255)])],
  ["nests graphs without end", bytesField(7, nested(40))],
  ["has a dimension of 2^63", onnxFile([], [{ ...good, shape: [1n << 63n] }])],
  ["has dimensions that overflow", onnxFile([], [{ ...good, shape: [1n << 40n, 1n << 40n] }])],
  ["has forty dimensions", onnxFile([], [{ ...good, shape: new Array(40).fill(1) }])],
  ["spans fewer bytes than its shape", onnxFile([], [{ ...good, shape: [2, 4] }])],
  ["holds nothing", onnxFile([], [{ name: "w", shape: [2] }])],
  ["holds its numbers twice", onnxFile([], [{ ...good, floats: [1, 2, 3, 4, 5, 6] }])],
  ["holds floats as integers", onnxFile([], [{ name: "w", shape: [2], type: 11, floats: [1, 2] }])],
  [
    "has fewer varints than elements",
    onnxFile([], [{ name: "w", shape: [2], type: 10, integers: [70_000] }]),
  ],
  ["has an unusable name", onnxFile([], [{ ...good, name: "a\nb" }])],
  ["has no name", onnxFile([], [{ ...good, name: "" }])],
  ["points up", away("../secret.bin")],
  ["points to the root", away("/etc/passwd")],
  ["points into a folder", away("a/b.bin")],
  ["points to a drive", away("C:x")],
  ["points nowhere", away("")],
  ["states a negative offset", outside({ offset: "-8" })],
  ["states an offset of 2^80", outside({ offset: String(2n ** 80n) })],
  ["states another length than its shape", outside({ length: "9" })],
  ["reaches beyond its external file", outside({ offset: "16" })],
];

test.each(lies)("a model that %s is refused", async (_, content) => {
  expect(await refusal(content, [{ path: "d.bin", content: new Uint8Array(20) }])).not.toBeNull();
});

const honest = onnxFile(
  [
    { op: "MatMul", name: "/a/b/MatMul", inputs: ["x", "onnx::MatMul_1"] },
    { op: "Constant", inputs: [], outputs: ["c"], value: { name: "", shape: [2], floats: [7, 8] } },
  ],
  [onnxTensor("onnx::MatMul_1", [2, 3], ramp(6)), { name: "h", shape: [3], type: 10, integers: [1, 2, 3] }],
);

test("the honest model of these lies is not refused", async () => {
  expect(await refusal(honest)).toBeNull();
});

test("any damaged model is refused or read, and nothing else happens (fuzzed)", {
  timeout: 120_000,
}, async () => {
  const damage = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(honest.length), async (changes, cut) => {
      const copy = Uint8Array.from(honest);
      for (const [at, value] of changes) copy[at] = value;
      await refusal(cut % 3 === 0 ? copy.slice(0, cut) : copy);
    }),
    { numRuns: 800 },
  );
});

test("no bytes at all are refused or read (fuzzed)", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (content) => {
      await refusal(content);
    }),
    { numRuns: 300 },
  );
});
