import { withLength } from "./safetensors-file";

/** One tensor with its values and the bytes that stand for them. */
export interface SeededTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly cols: number;
  /** As decoded. */
  readonly values: Float32Array;
  readonly bytes: Uint8Array;
}

/** Bell-shaped values of sd ≈ .02, the same on every run, in the precision of the dtype. */
export function seededTensor(
  name: string,
  dtype: "F32" | "BF16" | "F16",
  shape: readonly number[],
  seed: number,
): SeededTensor {
  const n = shape.reduce((product, size) => product * size, 1);
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const drawn = Float32Array.from({ length: n }, () => (uniform() + uniform() + uniform() - 1.5) * 0.04);
  return tensorOf(name, dtype, shape, drawn);
}

/** A tensor of given values, rounded to its dtype (towards zero for the narrow ones). */
export function tensorOf(
  name: string,
  dtype: "F32" | "BF16" | "F16",
  shape: readonly number[],
  given: Float32Array,
): SeededTensor {
  const cols = shape.length < 2 ? given.length : given.length / (shape[0] as number);
  if (dtype === "F32") {
    const values = Float32Array.from(given);
    return { name, dtype, shape, cols, values, bytes: new Uint8Array(values.buffer) };
  }
  const bits = new Uint32Array(Float32Array.from(given).buffer);
  const codes = Uint16Array.from(bits, dtype === "BF16" ? (word) => word >>> 16 : halfOf);
  const values = Float32Array.from(codes, dtype === "BF16" ? brainOf : floatOf);
  return { name, dtype, shape, cols, values, bytes: new Uint8Array(codes.buffer) };
}

/** A safetensors file of these tensors, in this order. */
export function tensorFile(
  tensors: readonly Pick<SeededTensor, "name" | "dtype" | "shape" | "bytes">[],
): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = {};
  for (const { name, dtype, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  return Buffer.concat([withLength(JSON.stringify(header)), ...tensors.map(({ bytes }) => bytes)]);
}

function brainOf(code: number): number {
  return new Float32Array(Uint32Array.of(code << 16).buffer)[0] as number;
}

/** binary16 of float32 bits, towards zero; small values become 0. */
function halfOf(word: number): number {
  const exponent = ((word >>> 23) & 255) - 112;
  return exponent <= 0 ? 0 : ((word >>> 16) & 0x8000) | (exponent << 10) | ((word >>> 13) & 1023);
}

function floatOf(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  return (code & 0x7fff) === 0 ? 0 : sign * (1024 + (code & 1023)) * 2 ** (((code >> 10) & 31) - 25);
}
