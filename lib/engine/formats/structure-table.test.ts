import { expect, test } from "vitest";
import { ggufFile, ggufTensor } from "../../../tests/support/gguf-file";
import { memoryRelease } from "../../../tests/support/memory-release";
import { onnxFile, onnxTensor } from "../../../tests/support/onnx-file";
import { checkpointFile } from "../../../tests/support/pytorch-file";
import { safetensorsOf } from "../../../tests/support/safetensors-file";
import { loadStructure } from "./structure-table";

const name = "model.layers.0.mlp.up_proj.weight";
const values = Float32Array.from({ length: 64 }, (_, i) => i);
const shape = [2, 32];

const releases = {
  safetensors: { path: "model.safetensors", content: safetensorsOf([{ name, shape, values }]) },
  gguf: { path: "model.gguf", content: ggufFile({}, [ggufTensor(name, shape, values)]) },
  pytorch: { path: "pytorch_model.bin", content: checkpointFile([{ name, shape, values }]) },
  onnx: {
    path: "model.onnx",
    content: onnxFile(
      [{ op: "MatMul", name: "/model/layers.0/mlp/up_proj/MatMul", inputs: ["x", "onnx::MatMul_1"] }],
      [
        onnxTensor("onnx::MatMul_1", [32, 2], values),
        { name: "axes", shape: [1], type: 7, raw: new Uint8Array(8) },
      ],
    ),
  },
};

test.each(Object.entries(releases))("%s states the same structure", async (_, file) => {
  const table = await loadStructure(memoryRelease([file]));
  expect([...(table?.tensors.values() ?? [])]).toEqual([{ name, dtype: "F32", shape }]);
  expect(table).toMatchObject({ shapesKnown: true, shards: 1 });
});

test("a checkpoint that is refused leaves no table, and safetensors come first", async () => {
  const old = { path: "pytorch_model.bin", content: Buffer.alloc(200, 1) };
  expect(await loadStructure(memoryRelease([old]))).toBeNull();
  expect((await loadStructure(memoryRelease([old, releases.safetensors])))?.tensors.size).toBe(1);
});
