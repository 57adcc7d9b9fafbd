/** Number formats of stored weights, bit by bit: IEEE 754 round to nearest, ties to even. */

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** The 16 bits of the nearest bfloat16; finite numbers only. */
export function bf16Bits(value: number): number {
  floats[0] = value;
  const word = words[0]!;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

export function fromBf16(code: number): number {
  words[0] = code << 16;
  return floats[0]!;
}

export function roundedToBf16(values: Float32Array): Float32Array {
  return values.map((value) => fromBf16(bf16Bits(value)));
}

/** The 16 bits of the nearest binary16, subnormals included; larger numbers become the largest finite one. */
export function f16Bits(value: number): number {
  floats[0] = value;
  const word = words[0]!;
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(floats[0]!);
  if (size >= 65520) return sign | 0x7bff;
  if (size < 6.103515625e-5) return sign | ties(size * 16777216);
  const exponent = (word >>> 23) & 0xff;
  const scaled = ((word & 0x7fffff) + 0x800000) / 8192;
  // A mantissa that rounds up to 2048 carries into the exponent, as it should.
  return sign | (((exponent - 112) << 10) + (ties(scaled) - 1024));
}

export function fromF16(code: number): number {
  const sign = code & 0x8000 ? -1 : 1;
  const exponent = (code >>> 10) & 31;
  const mantissa = code & 1023;
  if (exponent === 0) return (sign * mantissa) / 16777216;
  return (sign * (1024 + mantissa) * 2 ** exponent) / 33554432;
}

function ties(x: number): number {
  const low = Math.floor(x);
  const part = x - low;
  if (part > 0.5 || (part === 0.5 && low % 2 === 1)) return low + 1;
  return low;
}

/** bfloat16 codes as whole numbers in the order of the values, −0 and 0 alike. */
export function orderedCode(code: number): number {
  return code & 0x8000 ? -(code & 0x7fff) : code;
}

export function codeOfOrdered(ordered: number): number {
  return ordered < 0 ? 0x8000 | -ordered : ordered;
}
