/** Numbers as base64 (RFC 4648 §4) of their little-endian bytes, as a fingerprint carries them. */

export function packFloats(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value === 0 ? 0 : value, index * 4);
  return bytes.toString("base64");
}

/** `count` float32 values; null when the text is anything else, or a value is not finite. */
export function unpackFloats(text: string, count: number): Float32Array | null {
  const bytes = bytesOf(text, count * 4);
  if (bytes === null) return null;
  const values = Float32Array.from({ length: count }, (_, index) => bytes.readFloatLE(index * 4));
  return values.every(Number.isFinite) ? values : null;
}

export function packInt8(values: Int8Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.length).toString("base64");
}

export function unpackInt8(text: string, count: number): Int8Array | null {
  const bytes = bytesOf(text, count);
  return bytes === null ? null : Int8Array.from(bytes, (byte) => (byte > 127 ? byte - 256 : byte));
}

/** Exactly `length` bytes in their one canonical base64 form, so that no two texts carry the same numbers. */
function bytesOf(text: string, length: number): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : null;
}
