/** Builds safetensors files for tests, honest ones and others. */

export interface TestTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes per element. */
  readonly width: number;
}

/** 8 bytes of length, then the header. The stated length may lie. */
export function withLength(header: string | Uint8Array, stated?: bigint): Uint8Array {
  const body = typeof header === "string" ? Buffer.from(header) : header;
  const lead = Buffer.alloc(8);
  lead.writeBigUInt64LE(stated ?? BigInt(body.length));
  return Buffer.concat([lead, body]);
}

/** A whole, honest file; the data is a repeated byte. */
export function safetensorsFile(tensors: readonly TestTensor[], fill = 1): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const { name, dtype, shape, width } of tensors) {
    const end = at + shape.reduce((product, size) => product * size, width);
    header[name] = { dtype, shape, data_offsets: [at, end] };
    at = end;
  }
  return Buffer.concat([withLength(JSON.stringify(header)), Buffer.alloc(at, fill)]);
}

export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** F32 unless told; BF16 and F16 round to nearest even. */
  readonly dtype?: "F32" | "BF16" | "F16";
}

/** A whole file with the given values. */
export function safetensorsOf(tensors: readonly FloatTensor[]): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts = tensors.map(({ name, shape, values, dtype = "F32" }) => {
    const bytes = encodeFloats(values, dtype);
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    return bytes;
  });
  return Buffer.concat([withLength(JSON.stringify(header)), ...parts]);
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** Little-endian bytes of the values in that dtype, rounded to nearest even. */
export function encodeFloats(values: Float32Array, dtype: "F32" | "BF16" | "F16"): Uint8Array {
  const bytes = new Uint8Array(values.length * (dtype === "F32" ? 4 : 2));
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    if (dtype === "F32") view.setFloat32(4 * i, value, true);
    else view.setUint16(2 * i, dtype === "BF16" ? toBfloat(value) : toHalf(value), true);
  }
  return bytes;
}

function toBfloat(value: number): number {
  float[0] = value;
  const bits = word[0] as number;
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

export function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 1e-30)));
  const units = roundToEven(size / 2 ** (exponent - 10));
  if (units < 1024) return sign | units;
  return sign + ((exponent + 15) << 10) + (units - 1024);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
