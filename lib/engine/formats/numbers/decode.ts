import { float8Table } from "./float8";

/** Bits per stored element of the plain dtypes (blocks of GGUF are not plain). */
const bits: Readonly<Record<string, number>> = {
  F4: 4,
  U4: 4,
  I4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
};

const floats = new Set([
  ...["F64", "F32", "F16", "BF16", "F8_E5M2", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2FNUZ"],
  ...["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"],
]);

/**
 * Do stored elements of this dtype stand for the numbers of a network? Integers, packed 4- and 6-bit codes and bare
 * exponents only mean something together with scales kept elsewhere: they are raw codes.
 */
export function isNumeric(dtype: string): boolean {
  return floats.has(dtype);
}

/** Bits per element, or null for a dtype whose elements have no decoding here. */
export function bitsOf(dtype: string): number | null {
  return Object.hasOwn(bits, dtype) ? (bits[dtype] as number) : null;
}

let halves: Float32Array | null = null;

/** All 65,536 values of IEEE 754 binary16. */
function halfTable(): Float32Array {
  if (halves !== null) return halves;
  const table = new Float32Array(65536);
  for (let code = 0; code < 65536; code++) {
    const sign = code & 0x8000 ? -1 : 1;
    const exponent = (code >> 10) & 31;
    const fraction = code & 1023;
    table[code] =
      exponent === 31
        ? fraction === 0
          ? sign * Number.POSITIVE_INFINITY
          : Number.NaN
        : exponent === 0
          ? sign * fraction * 2 ** -24
          : sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  halves = table;
  return table;
}

/** One binary16 number from its bits. */
export function halfToFloat(code: number): number {
  return halfTable()[code] as number;
}

/**
 * Decodes `count` elements that begin at bit `skipBits` of `bytes` (0 unless elements are smaller than a byte).
 * Exact, but for F64 and 64-bit integers, which are rounded to the nearest float32. Raw codes come out as their
 * unsigned values. Hosts are little-endian, as all that Node runs on in practice.
 */
export function decode(bytes: Uint8Array, dtype: string, count: number, skipBits = 0): Float32Array {
  switch (dtype) {
    case "F32":
      return new Float32Array(aligned(bytes, count * 4), 0, count);
    case "F64":
      return Float32Array.from(new Float64Array(aligned(bytes, count * 8), 0, count));
    case "BF16":
      return decodeBfloat(bytes, count);
    case "F16":
      return byTable(new Uint16Array(aligned(bytes, count * 2), 0, count), halfTable());
    case "I8":
      return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, count));
    case "U8":
    case "BOOL":
      return Float32Array.from(bytes.subarray(0, count));
    case "I16":
      return Float32Array.from(new Int16Array(aligned(bytes, count * 2), 0, count));
    case "U16":
      return Float32Array.from(new Uint16Array(aligned(bytes, count * 2), 0, count));
    case "I32":
      return Float32Array.from(new Int32Array(aligned(bytes, count * 4), 0, count));
    case "U32":
      return Float32Array.from(new Uint32Array(aligned(bytes, count * 4), 0, count));
    case "I64":
      return Float32Array.from(new BigInt64Array(aligned(bytes, count * 8), 0, count), Number);
    case "U64":
      return Float32Array.from(new BigUint64Array(aligned(bytes, count * 8), 0, count), Number);
    case "F4":
    case "U4":
    case "I4":
    case "F6_E2M3":
    case "F6_E3M2":
      return packedCodes(bytes, bits[dtype] as number, count, skipBits);
    default:
      return byTable(bytes.subarray(0, count), float8Table(dtype));
  }
}

/** A copy of its own, so that the view is aligned and nobody else's bytes are kept alive or shared. */
function aligned(bytes: Uint8Array, length: number): ArrayBuffer {
  // Not slice(): a Buffer's slice is a view of memory that it shares.
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(0, length));
  return copy.buffer;
}

function decodeBfloat(bytes: Uint8Array, count: number): Float32Array {
  const out = new Uint32Array(count);
  const codes = new Uint16Array(aligned(bytes, count * 2), 0, count);
  for (let i = 0; i < count; i++) out[i] = (codes[i] as number) << 16;
  return new Float32Array(out.buffer);
}

function byTable(codes: Uint8Array | Uint16Array, table: Float32Array): Float32Array {
  const out = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i] as number] as number;
  return out;
}

/** Codes of 4 or 6 bits, the first in the lowest bits of the first byte. */
function packedCodes(bytes: Uint8Array, width: number, count: number, skipBits: number): Float32Array {
  const out = new Float32Array(count);
  const mask = (1 << width) - 1;
  for (let i = 0; i < count; i++) {
    const at = skipBits + i * width;
    const pair = (bytes[at >> 3] as number) | ((bytes[(at >> 3) + 1] ?? 0) << 8);
    out[i] = (pair >> (at & 7)) & mask;
  }
  return out;
}
