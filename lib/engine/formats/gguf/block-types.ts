import { halfToFloat } from "../numbers/decode";

/** Decodes one block at byte `at` into `out[o…]`: the values, or with `steps` the distance of neighbouring values. */
type DecodeBlock = (bytes: Uint8Array, at: number, out: Float32Array, o: number, steps: boolean) => void;

export interface BlockType {
  readonly elements: number;
  readonly bytes: number;
  /** Null for a type that is only known by its size. */
  readonly decode: DecodeBlock | null;
}

// Every formula below is that of ggml's reference code (ggml-quants.c, dequantize_row_*). Products and sums are made
// in double precision, where they are exact, and rounded to float32 once: what the reference's float arithmetic gives.

function half(bytes: Uint8Array, at: number): number {
  return halfToFloat((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function signed(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) >> 24;
}

/** 32 numbers of 4 bits: the low halves of 16 bytes, then the high halves. */
function nibble(bytes: Uint8Array, at: number, i: number): number {
  return i < 16 ? byte(bytes, at + i) & 15 : byte(bytes, at + i - 16) >> 4;
}

/** The fifth bits of 32 numbers, kept in four bytes. */
function fifth(bytes: Uint8Array, at: number, i: number): number {
  return ((byte(bytes, at + (i >> 3)) >> (i & 7)) & 1) << 4;
}

/** A block of 32 with one scale and perhaps one offset. */
function simple(offset: boolean, codeOf: (bytes: Uint8Array, at: number, i: number) => number): DecodeBlock {
  return (bytes, at, out, o, steps) => {
    const d = half(bytes, at);
    const m = offset ? half(bytes, at + 2) : 0;
    for (let i = 0; i < 32; i++) {
      out[o + i] = steps ? Math.abs(d) : codeOf(bytes, at, i) * d + m;
    }
  };
}

/** The 6-bit scale and minimum of each of eight groups, packed in 12 bytes (get_scale_min_k4). */
function scaleAndMin(bytes: Uint8Array, at: number, group: number): readonly [number, number] {
  if (group < 4) return [byte(bytes, at + group) & 63, byte(bytes, at + group + 4) & 63];
  const low = byte(bytes, at + group + 4);
  return [
    (low & 15) | ((byte(bytes, at + group - 4) >> 6) << 4),
    (low >> 4) | ((byte(bytes, at + group) >> 6) << 4),
  ];
}

/** 256 numbers in eight groups of 32; the codes of two groups share 32 bytes. */
function withMinima(codesAt: number, highAt: number | null): DecodeBlock {
  return (bytes, at, out, o, steps) => {
    const [d, dmin] = [half(bytes, at), half(bytes, at + 2)];
    for (let group = 0; group < 8; group++) {
      const [scale, min] = scaleAndMin(bytes, at + 4, group);
      for (let i = 0; i < 32; i++) {
        const pair = byte(bytes, at + codesAt + (group >> 1) * 32 + i);
        const low = group & 1 ? pair >> 4 : pair & 15;
        const high = highAt === null ? 0 : ((byte(bytes, at + highAt + i) >> group) & 1) << 4;
        out[o + group * 32 + i] = steps ? Math.abs(d * scale) : d * scale * (low + high) - dmin * min;
      }
    }
  };
}

/** 2 bits: 16 groups of 16, each with a 4-bit scale and a 4-bit minimum. */
const decodeQ2K: DecodeBlock = (bytes, at, out, o, steps) => {
  const [d, dmin] = [half(bytes, at + 80), half(bytes, at + 82)];
  for (let i = 0; i < 256; i++) {
    const scales = byte(bytes, at + (i >> 4));
    const code = (byte(bytes, at + 16 + (i >> 7) * 32 + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3;
    out[o + i] = steps ? Math.abs(d * (scales & 15)) : d * (scales & 15) * code - dmin * (scales >> 4);
  }
};

/** 3 bits: the third in a mask of its own, which subtracts 4 where it is not set; 16 scales of 6 bits less 32. */
const decodeQ3K: DecodeBlock = (bytes, at, out, o, steps) => {
  const d = half(bytes, at + 108);
  for (let i = 0; i < 256; i++) {
    const group = i >> 4;
    const low = byte(bytes, at + 96 + (group & 7));
    const top = (byte(bytes, at + 104 + (group & 3)) >> (2 * (group >> 2))) & 3;
    const scale = ((group < 8 ? low & 15 : low >> 4) | (top << 4)) - 32;
    const code = (byte(bytes, at + 32 + (i >> 7) * 32 + (i & 31)) >> (2 * ((i >> 5) & 3))) & 3;
    const set = (byte(bytes, at + (i & 31)) >> (i >> 5)) & 1;
    out[o + i] = steps ? Math.abs(d * scale) : d * scale * (code - (set ? 0 : 4));
  }
};

/** 6 bits: 16 groups of 16, each with an 8-bit signed scale. */
const decodeQ6K: DecodeBlock = (bytes, at, out, o, steps) => {
  const d = half(bytes, at + 208);
  for (let i = 0; i < 256; i++) {
    const [part, column, quarter] = [i >> 7, i & 31, (i >> 5) & 3];
    const pair = byte(bytes, at + part * 64 + (quarter & 1) * 32 + column);
    const low = quarter < 2 ? pair & 15 : pair >> 4;
    const high = (byte(bytes, at + 128 + part * 32 + column) >> (2 * quarter)) & 3;
    const scale = signed(bytes, at + 192 + (i >> 4));
    out[o + i] = steps ? Math.abs(d * scale) : d * scale * ((low | (high << 4)) - 32);
  }
};

const sizeOnly = (elements: number, bytes: number): BlockType => ({ elements, bytes, decode: null });

/** Quantised types by name: elements and bytes of a block as in ggml-common.h. */
export const blockTypes: Readonly<Record<string, BlockType>> = {
  Q4_0: { elements: 32, bytes: 18, decode: simple(false, (b, at, i) => nibble(b, at + 2, i) - 8) },
  Q4_1: { elements: 32, bytes: 20, decode: simple(true, (b, at, i) => nibble(b, at + 4, i)) },
  Q5_0: {
    elements: 32,
    bytes: 22,
    decode: simple(false, (b, at, i) => (nibble(b, at + 6, i) | fifth(b, at + 2, i)) - 16),
  },
  Q5_1: {
    elements: 32,
    bytes: 24,
    decode: simple(true, (b, at, i) => nibble(b, at + 8, i) | fifth(b, at + 4, i)),
  },
  Q8_0: { elements: 32, bytes: 34, decode: simple(false, (b, at, i) => signed(b, at + 2 + i)) },
  Q8_1: sizeOnly(32, 36),
  Q2_K: { elements: 256, bytes: 84, decode: decodeQ2K },
  Q3_K: { elements: 256, bytes: 110, decode: decodeQ3K },
  Q4_K: { elements: 256, bytes: 144, decode: withMinima(16, null) },
  Q5_K: { elements: 256, bytes: 176, decode: withMinima(48, 16) },
  Q6_K: { elements: 256, bytes: 210, decode: decodeQ6K },
  Q8_K: sizeOnly(256, 292),
  IQ1_S: sizeOnly(256, 50),
  IQ1_M: sizeOnly(256, 56),
  IQ2_XXS: sizeOnly(256, 66),
  IQ2_XS: sizeOnly(256, 74),
  IQ2_S: sizeOnly(256, 82),
  IQ3_XXS: sizeOnly(256, 98),
  IQ3_S: sizeOnly(256, 110),
  IQ4_NL: sizeOnly(32, 18),
  IQ4_XS: sizeOnly(256, 136),
  TQ1_0: sizeOnly(256, 54),
  TQ2_0: sizeOnly(256, 66),
  MXFP4: sizeOnly(32, 17),
};
