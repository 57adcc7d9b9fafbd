/** Writes small GGUF files (version 3, little-endian) for tests, honest ones and others. */
import { encodeFloats, toHalf } from "./safetensors-file";

export interface GgufTestTensor {
  readonly name: string;
  /** Outermost dimension first, as everywhere else; the file gets it reversed. */
  readonly shape: readonly number[];
  readonly type: keyof typeof ggmlTypes;
  readonly data: Uint8Array;
  /** Where the file says that it lies, if it lies. */
  readonly statedOffset?: bigint;
  readonly statedShape?: readonly bigint[];
}

export type GgufValue = number | string | boolean | readonly string[] | readonly number[];

export const ggmlTypes = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q5_0: 6,
  Q5_1: 7,
  Q8_0: 8,
  Q2_K: 10,
  Q3_K: 11,
  Q4_K: 12,
  Q5_K: 13,
  Q6_K: 14,
  I32: 26,
  BF16: 30,
} as const;

export function ggufFile(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTestTensor[],
  alignment = 32,
): Uint8Array {
  const pad = (length: number) => (alignment - (length % alignment)) % alignment;
  let at = 0;
  const infos = tensors.map(({ name, shape, type, data, statedOffset, statedShape }) => {
    const dims = statedShape ?? shape.toReversed().map(BigInt);
    const info = [
      text(name),
      u32(dims.length),
      ...dims.map(u64),
      u32(ggmlTypes[type]),
      u64(statedOffset ?? BigInt(at)),
    ];
    at += data.length + pad(data.length);
    return Buffer.concat(info);
  });
  const entries = Object.entries(metadata).map(([key, value]) => Buffer.concat([text(key), typed(value)]));
  const header = Buffer.concat([
    ...[Buffer.from("GGUF"), u32(3), u64(BigInt(tensors.length)), u64(BigInt(entries.length))],
    ...entries,
    ...infos,
  ]);
  const parts = tensors.flatMap(({ data }) => [data, Buffer.alloc(pad(data.length))]);
  return Buffer.concat([header, Buffer.alloc(pad(header.length)), ...parts]);
}

/** A tensor of the given values in that type; rows must fill whole blocks. */
export function ggufTensor(
  name: string,
  shape: readonly number[],
  values: Float32Array,
  type: "F32" | "F16" | "BF16" | "Q8_0" | "Q4_0" = "F32",
): GgufTestTensor {
  const data =
    type === "Q8_0" || type === "Q4_0"
      ? quantised(values, type === "Q8_0" ? 127 : 7)
      : encodeFloats(values, type);
  return { name, shape, type, data };
}

/** Blocks of 32 round to nearest on a scale of their own: 8 bits signed, or 4 bits with 8 added. */
function quantised(values: Float32Array, top: number): Uint8Array {
  const eight = top === 127;
  const size = eight ? 34 : 18;
  const out = new Uint8Array((values.length / 32) * size);
  const view = new DataView(out.buffer);
  for (let block = 0; block < values.length / 32; block++) {
    const part = values.subarray(block * 32, block * 32 + 32);
    const scale = part.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / top;
    const code = (i: number) => (scale === 0 ? 0 : Math.round((part[i] as number) / scale));
    view.setUint16(block * size, toHalf(scale), true);
    for (let i = 0; i < (eight ? 32 : 16); i++) {
      const at = block * size + 2 + i;
      if (eight) view.setInt8(at, code(i));
      else view.setUint8(at, (code(i) + 8) | ((code(i + 16) + 8) << 4));
    }
  }
  return out;
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function u64(value: bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(value);
  return out;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(BigInt(bytes.length)), bytes]);
}

function typed(value: GgufValue): Buffer {
  if (typeof value === "string") return Buffer.concat([u32(8), text(value)]);
  if (typeof value === "boolean") return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
  if (typeof value === "number")
    return Number.isInteger(value)
      ? Buffer.concat([u32(4), u32(value)])
      : Buffer.concat([u32(6), float(value)]);
  const items = value.map((item) => (typeof item === "string" ? text(item) : u32(item)));
  const type = typeof value[0] === "number" ? 4 : 8;
  return Buffer.concat([u32(9), u32(type), u64(BigInt(value.length)), ...items]);
}

function float(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return out;
}
