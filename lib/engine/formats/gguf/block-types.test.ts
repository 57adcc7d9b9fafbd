import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { toHalf } from "../../../../tests/support/safetensors-file";
import { blockTypes } from "./block-types";

function decoded(type: string, bytes: Uint8Array, steps = false): number[] {
  const { elements, decode } = blockTypes[type] ?? { elements: 0, decode: null };
  const out = new Float32Array(elements);
  decode?.(bytes, 0, out, 0, steps);
  return [...out];
}

const half = (value: number) => [toHalf(value) & 255, toHalf(value) >> 8];

/** The value of a half written out with powers of two: nothing shared with the code under test. */
function fromHalf(low: number, high: number): number {
  const [e, f] = [(high >> 2) & 31, ((high & 3) << 8) | low];
  return (high & 128 ? -1 : 1) * (e === 0 ? f / 2 ** 24 : (1 + f / 1024) * 2 ** (e - 15));
}

describe("by hand", () => {
  it("Q8_0: a half scale, 32 signed bytes", () => {
    const codes = Array.from({ length: 32 }, (_, i) => (i === 0 ? -128 : i === 1 ? 127 : i));
    const values = decoded("Q8_0", Uint8Array.from([...half(0.5), ...codes.map((code) => code & 255)]));
    expect(values).toEqual(codes.map((code) => code / 2));
  });

  it("Q4_0: low halves are the first sixteen numbers, less 8", () => {
    const bytes = Uint8Array.from([...half(2), 0xf0, ...new Array(15).fill(0x88)]);
    const values = decoded("Q4_0", bytes);
    expect([values[0], values[16], values[1], values[31]]).toEqual([-16, 14, 0, 0]);
    expect(decoded("Q4_0", bytes, true)).toEqual(new Array(32).fill(2));
  });

  it("Q4_1: an offset beside the scale", () => {
    const values = decoded(
      "Q4_1",
      Uint8Array.from([...half(0.25), ...half(-1), 0x21, ...new Array(15).fill(0)]),
    );
    expect([values[0], values[16], values[1]]).toEqual([-0.75, -0.5, -1]);
  });

  it("Q4_K: eight groups, their 6-bit scales and minima packed in twelve bytes", () => {
    const scales = new Array(12).fill(0);
    scales[0] = 3; // scale of group 0
    scales[4] = 1; // minimum of group 0
    scales[8] = 0x25; // group 4: low bits of scale 5 and minimum 2 …
    scales[0] |= 0x40; // … with 1 as the high bits of its scale: 5 + 16
    const bytes = Uint8Array.from([...half(1), ...half(0.5), ...scales, 0x07, ...new Array(127).fill(0)]);
    bytes[16 + 64] = 0x02;
    const values = decoded("Q4_K", bytes);
    expect([values[0], values[1], values[32]]).toEqual([3 * 7 - 0.5, -0.5, 0]);
    expect(values[128]).toBe(21 * 2 - 2 * 0.5);
    expect(decoded("Q4_K", bytes, true)[128]).toBe(21);
  });
});

/** Element by element from the layout pictures of ggml-common.h; the code under test walks the same bytes otherwise. */
const oracles: Record<string, (b: Uint8Array, i: number) => number> = {
  Q4_0: (b, i) => fromHalf(at(b, 0), at(b, 1)) * (((i < 16 ? at(b, 2 + i) : at(b, i - 14) / 16) & 15) - 8),
  Q4_1: (b, i) =>
    fromHalf(at(b, 0), at(b, 1)) * ((i < 16 ? at(b, 4 + i) : at(b, i - 12) / 16) & 15) +
    fromHalf(at(b, 2), at(b, 3)),
  Q5_0: (b, i) => {
    const word = at(b, 2) + at(b, 3) * 256 + at(b, 4) * 65536 + at(b, 5) * 16777216;
    const top = Math.floor(word / 2 ** i) % 2;
    return (
      fromHalf(at(b, 0), at(b, 1)) * (((i < 16 ? at(b, 6 + i) : at(b, i - 10) / 16) & 15) + 16 * top - 16)
    );
  },
  Q5_1: (b, i) => {
    const word = at(b, 4) + at(b, 5) * 256 + at(b, 6) * 65536 + at(b, 7) * 16777216;
    const code = ((i < 16 ? at(b, 8 + i) : at(b, i - 8) / 16) & 15) + 16 * (Math.floor(word / 2 ** i) % 2);
    return fromHalf(at(b, 0), at(b, 1)) * code + fromHalf(at(b, 2), at(b, 3));
  },
  Q8_0: (b, i) => fromHalf(at(b, 0), at(b, 1)) * (at(b, 2 + i) < 128 ? at(b, 2 + i) : at(b, 2 + i) - 256),
  Q4_K: (b, i) =>
    kGroup(b, i, (at(b, 16 + Math.floor(i / 64) * 32 + (i % 32)) >> (i % 64 < 32 ? 0 : 4)) % 16),
  Q5_K: (b, i) => {
    const low = (at(b, 48 + Math.floor(i / 64) * 32 + (i % 32)) >> (i % 64 < 32 ? 0 : 4)) % 16;
    return kGroup(b, i, low + 16 * (Math.floor(at(b, 16 + (i % 32)) / 2 ** Math.floor(i / 32)) % 2));
  },
  Q6_K: (b, i) => {
    const [n, q] = [Math.floor(i / 128), Math.floor((i % 128) / 32)];
    const ql = at(b, 64 * n + (i % 32) + (q % 2) * 32);
    const low = q < 2 ? ql % 16 : Math.floor(ql / 16);
    const high = Math.floor(at(b, 128 + 32 * n + (i % 32)) / 4 ** q) % 4;
    const scale = at(b, 192 + 8 * n + 2 * q + Math.floor((i % 32) / 16));
    return fromHalf(at(b, 208), at(b, 209)) * (scale < 128 ? scale : scale - 256) * (low + 16 * high - 32);
  },
  Q2_K: (b, i) => {
    const q =
      Math.floor(at(b, 16 + 32 * Math.floor(i / 128) + (i % 32)) / 4 ** Math.floor((i % 128) / 32)) % 4;
    const scale = at(b, Math.floor(i / 16));
    const [d, min] = [fromHalf(at(b, 80), at(b, 81)), fromHalf(at(b, 82), at(b, 83))];
    return d * (scale % 16) * q - min * Math.floor(scale / 16);
  },
  Q3_K: (b, i) => {
    // The reference unpacks four 32-bit words with masks; here each 6-bit scale is put together by itself.
    const s = Math.floor(i / 16);
    const low = s < 8 ? at(b, 96 + s) % 16 : Math.floor(at(b, 96 + s - 8) / 16);
    const high = Math.floor(at(b, 104 + (s % 4)) / 4 ** Math.floor(s / 4)) % 4;
    const q =
      Math.floor(at(b, 32 + 32 * Math.floor(i / 128) + (i % 32)) / 4 ** Math.floor((i % 128) / 32)) % 4;
    const mask = Math.floor(at(b, i % 32) / 2 ** Math.floor(i / 32)) % 2;
    return fromHalf(at(b, 108), at(b, 109)) * (low + 16 * high - 32) * (q - 4 * (1 - mask));
  },
};

function at(bytes: Uint8Array, i: number): number {
  return bytes[i] as number;
}

function kGroup(b: Uint8Array, i: number, code: number): number {
  const g = Math.floor(i / 32);
  const scale = g < 4 ? at(b, 4 + g) % 64 : (at(b, 8 + g) % 16) + 16 * Math.floor(at(b, g) / 64);
  const min = g < 4 ? at(b, 8 + g) % 64 : Math.floor(at(b, 8 + g) / 16) + 16 * Math.floor(at(b, 4 + g) / 64);
  return fromHalf(at(b, 0), at(b, 1)) * scale * code - fromHalf(at(b, 2), at(b, 3)) * min;
}

/** Positions of half-precision scales, which must be finite. */
const halvesAt: Record<string, number[]> = {
  Q6_K: [208],
  Q2_K: [80, 82],
  Q3_K: [108],
  Q4_0: [0],
  Q5_0: [0],
  Q8_0: [0],
};

test.each(Object.keys(oracles))(
  "%s: every element of any block is what the reference formula gives",
  (type) => {
    const size = blockTypes[type]?.bytes ?? 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size }), (block) => {
        for (const where of halvesAt[type] ?? [0, 2]) block[where + 1] = (block[where + 1] as number) & 0xbf;
        const values = decoded(type, block);
        const expected = values.map((_, i) =>
          Math.fround((oracles[type] as (typeof oracles)[string])(block, i)),
        );
        // Compared as numbers: -0 and 0 are one.
        expect(values.map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
      }),
      { numRuns: 60 },
    );
  },
);
