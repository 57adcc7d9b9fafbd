/** Writes small ONNX models for tests, honest ones and others (field numbers from onnx.proto). */
import { encodeFloats } from "./safetensors-file";

export interface OnnxTestTensor {
  readonly name: string;
  readonly shape: readonly (number | bigint)[];
  /** TensorProto.DataType; 1 (FLOAT) unless told. */
  readonly type?: number;
  readonly raw?: Uint8Array;
  /** Packed float_data in place of raw_data. */
  readonly floats?: readonly number[];
  /** Packed int32_data in place of raw_data. */
  readonly integers?: readonly number[];
  readonly external?: Readonly<Record<string, string>>;
}

export interface OnnxTestNode {
  readonly op: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  readonly transB?: number;
  /** A Constant's value. */
  readonly value?: OnnxTestTensor;
  /** Branches of an If. */
  readonly graphs?: readonly Uint8Array[];
}

export function onnxFile(nodes: readonly OnnxTestNode[], tensors: readonly OnnxTestTensor[]): Uint8Array {
  return Buffer.concat([varintField(1, 8n), bytesField(7, onnxGraph(nodes, tensors))]);
}

export function onnxGraph(nodes: readonly OnnxTestNode[], tensors: readonly OnnxTestTensor[]): Uint8Array {
  return Buffer.concat([
    ...nodes.map((node) => bytesField(1, nodeProto(node))),
    textField(2, "graph"),
    ...tensors.map((tensor) => bytesField(5, tensorProto(tensor))),
  ]);
}

/** A float32 tensor of the given values. */
export function onnxTensor(name: string, shape: readonly number[], values: Float32Array): OnnxTestTensor {
  return { name, shape, raw: encodeFloats(values, "F32") };
}

function nodeProto({ op, name, inputs, outputs = [], transB, value, graphs = [] }: OnnxTestNode): Uint8Array {
  return Buffer.concat([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    ...(name === undefined ? [] : [textField(3, name)]),
    textField(4, op),
    ...(transB === undefined
      ? []
      : [bytesField(5, Buffer.concat([textField(1, "transB"), varintField(3, BigInt(transB))]))]),
    ...(value === undefined
      ? []
      : [bytesField(5, Buffer.concat([textField(1, "value"), bytesField(5, tensorProto(value))]))]),
    ...graphs.map((graph) => bytesField(5, Buffer.concat([textField(1, "branch"), bytesField(6, graph)]))),
  ]);
}

function tensorProto({ name, shape, type = 1, raw, floats, integers, external }: OnnxTestTensor): Uint8Array {
  const entries = Object.entries(external ?? {}).map(([key, value]) =>
    bytesField(13, Buffer.concat([textField(1, key), textField(2, value)])),
  );
  return Buffer.concat([
    bytesField(1, Buffer.concat(shape.map((size) => varint(BigInt(size))))),
    varintField(2, BigInt(type)),
    ...(floats === undefined ? [] : [bytesField(4, encodeFloats(Float32Array.from(floats), "F32"))]),
    ...(integers === undefined
      ? []
      : [bytesField(5, Buffer.concat(integers.map((code) => varint(BigInt(code)))))]),
    textField(8, name),
    ...(raw === undefined ? [] : [bytesField(9, raw)]),
    ...entries,
    ...(external === undefined ? [] : [varintField(14, 1n)]),
  ]);
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export function varintField(number: number, value: bigint): Buffer {
  return Buffer.concat([varint(BigInt(number * 8)), varint(value)]);
}

/** `stated`: the length that the field claims, if it lies. */
export function bytesField(number: number, content: Uint8Array, stated?: bigint): Buffer {
  return Buffer.concat([varint(BigInt(number * 8 + 2)), varint(stated ?? BigInt(content.length)), content]);
}

function textField(number: number, text: string): Buffer {
  return bytesField(number, Buffer.from(text));
}
