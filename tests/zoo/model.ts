import { createHash } from "node:crypto";
import { bf16Bits, f16Bits, fromF16, roundedToBf16 } from "./bits";
import { parameters, type Shape } from "./trainer/shape";

export interface ZooTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

export type ZooDtype = "BF16" | "F16" | "F32";

/** A model in memory: tensors in the order in which they are stored. */
export interface ZooModel {
  readonly shape: Shape;
  readonly dtype: ZooDtype;
  readonly tensors: readonly ZooTensor[];
}

/** Named views of a trainer's flat parameters. */
export function modelOf(shape: Shape, flat: Float32Array, dtype: ZooDtype): ZooModel {
  return {
    shape,
    dtype,
    tensors: parameters(shape).map(({ name, shape: dims, at, size }) => ({
      name,
      shape: dims,
      values: flat.slice(at, at + size),
    })),
  };
}

/** Back to the flat parameters of the trainer; the tensors must carry their first names and order. */
export function flatOf(model: ZooModel): Float32Array {
  const list = parameters(model.shape);
  const flat = new Float32Array(list.reduce((sum, { size }) => sum + size, 0));
  list.forEach(({ name, at, size }, i) => {
    const tensor = model.tensors[i];
    if (tensor?.name !== name || tensor.values.length !== size)
      throw new Error(`${name} is not in its place`);
    flat.set(tensor.values, at);
  });
  return flat;
}

/** With values that its dtype holds exactly. */
export function asStored(model: ZooModel): ZooModel {
  if (model.dtype === "F32") return model;
  const rounded = (values: Float32Array) =>
    model.dtype === "BF16" ? roundedToBf16(values) : values.map((value) => fromF16(f16Bits(value)));
  return {
    ...model,
    tensors: model.tensors.map((tensor) => ({ ...tensor, values: rounded(tensor.values) })),
  };
}

/** One safetensors file with the tensors in the order given. */
export function safetensorsBytes(tensors: readonly ZooTensor[], dtype: ZooDtype): Uint8Array {
  const width = dtype === "F32" ? 4 : 2;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const start = end;
    end += width * values.length;
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const text = JSON.stringify(header);
  const body = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8, " "));
  const file = new Uint8Array(8 + body.length + end);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(body.length), true);
  file.set(body, 8);
  let at = 8 + body.length;
  for (const { values } of tensors) {
    if (dtype === "F32") new Float32Array(file.buffer, at, values.length).set(values);
    else {
      const bits = dtype === "BF16" ? bf16Bits : f16Bits;
      const codes = new Uint16Array(file.buffer, at, values.length);
      for (let i = 0; i < codes.length; i++) codes[i] = bits(values[i]!);
    }
    at += width * values.length;
  }
  return file;
}

/** SHA-256 of the tensors as one safetensors file. */
export function tensorsHash(tensors: readonly ZooTensor[], dtype: ZooDtype): string {
  return createHash("sha256").update(safetensorsBytes(tensors, dtype)).digest("hex");
}
