import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { bf16Bits, codeOfOrdered, fromBf16, orderedCode } from "./bits";

/**
 * A checkpoint's file: bfloat16 codes in the order of values, less those of the model it was trained from, as
 * zigzag numbers in two byte planes, compressed; weights of like size stand together, since they move by like steps.
 * Of a float32 model (`wide`) the low halves of the words follow. Throws where a weight moved too far.
 */
export function packed(flat: Float32Array, from: Float32Array | null, wide: boolean): Buffer {
  const parent = codes(from);
  const places = placesBySize(parent, flat.length);
  const planes = Buffer.alloc(flat.length * (wide ? 4 : 2));
  const words = new Uint32Array(flat.buffer, flat.byteOffset, flat.length);
  places.forEach((place, i) => {
    const step = orderedCode(bf16Bits(flat[place]!)) - (parent?.[place] ?? 0);
    const zigzag = step < 0 ? -2 * step - 1 : 2 * step;
    if (zigzag > 0xffff) throw new Error("a weight moved too far to be stored");
    planes[i] = zigzag & 0xff;
    planes[flat.length + i] = zigzag >>> 8;
    if (wide) planes.writeUInt16LE(words[place]! & 0xffff, 2 * flat.length + 2 * i);
  });
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(planes, { params: quality });
}

/** The flat parameters again. */
export function unpacked(file: Uint8Array, from: Float32Array | null, wide: boolean): Float32Array {
  const planes = brotliDecompressSync(file);
  const size = planes.length / (wide ? 4 : 2);
  const parent = codes(from);
  const places = placesBySize(parent, size);
  const flat = new Float32Array(size);
  const words = new Uint32Array(flat.buffer);
  // Loops here and below: the same through callbacks takes four times as long, over millions of weights.
  for (let i = 0; i < size; i += 1) {
    const place = places[i]!;
    const zigzag = planes[i]! | (planes[size + i]! << 8);
    const step = zigzag & 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    const code = codeOfOrdered((parent === null ? 0 : parent[place]!) + step);
    if (wide) {
      const low = planes.readUInt16LE(2 * size + 2 * i);
      words[place] = ((low > 0x8000 ? code - 1 : code) << 16) | low;
    } else flat[place] = fromBf16(code);
  }
  return flat;
}

/** Places of the weights by the parent's exponent, in their own order where it is equal. */
function placesBySize(parent: Int32Array | null, count: number): Uint32Array {
  const places = new Uint32Array(count);
  if (parent === null) {
    for (let i = 0; i < count; i += 1) places[i] = i;
    return places;
  }
  const starts = new Uint32Array(257);
  for (let i = 0; i < count; i += 1) starts[(Math.abs(parent[i]!) >> 7) + 1]! += 1;
  for (let exponent = 1; exponent < 257; exponent++) starts[exponent]! += starts[exponent - 1]!;
  for (let i = 0; i < count; i += 1) {
    const exponent = Math.abs(parent[i]!) >> 7;
    places[starts[exponent]!] = i;
    starts[exponent]! += 1;
  }
  return places;
}

function codes(from: Float32Array | null): Int32Array | null {
  if (from === null) return null;
  const ordered = new Int32Array(from.length);
  for (let i = 0; i < from.length; i += 1) ordered[i] = orderedCode(bf16Bits(from[i]!));
  return ordered;
}

/** A float32 word just between two bfloat16 neighbours would not survive the format above: nudge it. */
export function storable(flat: Float32Array): Float32Array {
  const copy = flat.slice();
  const words = new Uint32Array(copy.buffer);
  words.forEach((word, i) => {
    if ((word & 0xffff) === 0x8000) words[i] = word + 1;
  });
  return copy;
}
