import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { encodeFloats } from "../../../../tests/support/safetensors-file";
import { bitsOf, decode, isNumeric } from "./decode";

const bytes = (...values: number[]) => Uint8Array.from(values);
const all = Uint8Array.from({ length: 256 }, (_, i) => i);

describe("8-bit floats", () => {
  it.each([
    ["F8_E4M3", { 0: 0, 1: 2 ** -9, 8: 2 ** -6, 56: 1, 126: 448, 127: NaN, 184: -1, 255: NaN }],
    ["F8_E5M2", { 1: 2 ** -16, 4: 2 ** -14, 60: 1, 123: 57344, 124: Infinity, 125: NaN, 252: -Infinity }],
    ["F8_E4M3FNUZ", { 1: 2 ** -10, 64: 1, 127: 240, 128: NaN, 192: -1, 255: -240 }],
    ["F8_E5M2FNUZ", { 1: 2 ** -17, 64: 1, 127: 57344, 128: NaN, 255: -57344 }],
    ["F8_E8M0", { 0: 2 ** -127, 127: 1, 128: 2, 254: 2 ** 127, 255: NaN }],
  ] as const)("%s", (dtype, known) => {
    const table = decode(all, dtype, 256);
    for (const [code, value] of Object.entries(known))
      expect([code, table[Number(code)]]).toEqual([code, value]);
  });
});

test("halves and bfloats of any value come back rounded to nearest, and their own values exactly", () => {
  const floats = fc.float32Array({ minLength: 1, maxLength: 20, noNaN: true });
  fc.assert(
    fc.property(floats, (values) => {
      expect(decode(encodeFloats(values, "F32"), "F32", values.length)).toEqual(values);
      for (const [dtype, relative, least] of [
        ["F16", 2 ** -11, 2 ** -25],
        ["BF16", 2 ** -8, 2 ** -134],
      ] as const) {
        const once = decode(encodeFloats(values, dtype), dtype, values.length);
        expect(decode(encodeFloats(once, dtype), dtype, values.length)).toEqual(once);
        for (const [i, value] of values.entries()) {
          const kept = once[i] as number;
          if (Number.isFinite(kept))
            expect(Math.abs(kept - value)).toBeLessThanOrEqual(Math.abs(value) * relative + least);
          else expect(Math.abs(value)).toBeGreaterThanOrEqual(dtype === "F16" ? 65520 : 3.3e38);
        }
      }
    }),
  );
});

test("integers, signed and not, and codes of less than a byte from any element on", () => {
  expect([...decode(bytes(255, 1), "I8", 2)]).toEqual([-1, 1]);
  expect([...decode(bytes(255, 1), "U8", 2)]).toEqual([255, 1]);
  expect([...decode(bytes(254, 255), "I16", 1)]).toEqual([-2]);
  expect([...decode(bytes(254, 255), "U16", 1)]).toEqual([65534]);
  expect([...decode(bytes(0, 0, 0, 128), "I32", 1)]).toEqual([-(2 ** 31)]);
  expect([...decode(bytes(0, 0, 0, 128), "U32", 1)]).toEqual([2 ** 31]);
  expect([...decode(bytes(254, 255, 255, 255, 255, 255, 255, 255), "I64", 1)]).toEqual([-2]);
  expect([...decode(bytes(0, 0, 0, 0, 0, 0, 0, 128), "U64", 1)]).toEqual([2 ** 63]);
  expect([...decode(bytes(0, 0, 0, 0, 0, 0, 240, 63), "F64", 1)]).toEqual([1]);
  expect([...decode(bytes(0x21, 0x43), "F4", 3, 4)]).toEqual([2, 3, 4]);
  expect([...decode(bytes(0b01_000001, 0b0011_0000, 0b000100_00), "F6_E2M3", 4)]).toEqual([1, 1, 3, 4]);
});

test("views into a larger buffer are decoded where they lie, and keep none of it", () => {
  const buffer = Buffer.concat([Buffer.from([9]), encodeFloats(Float32Array.of(1.5, 2), "F32")]);
  const values = decode(buffer.subarray(1), "F32", 2);
  buffer.fill(0);
  expect([...values]).toEqual([1.5, 2]);
  expect(values.buffer.byteLength).toBe(8);
});

test("floats and dequantised blocks are numbers; integers, codes and bare exponents are not", () => {
  for (const dtype of ["F64", "F32", "F16", "BF16", "F8_E4M3", "Q8_0", "Q6_K"])
    expect(isNumeric(dtype)).toBe(true);
  for (const dtype of ["I8", "U8", "BOOL", "I64", "F4", "F6_E3M2", "F8_E8M0", "IQ2_XS"]) {
    expect(isNumeric(dtype)).toBe(false);
  }
  expect(bitsOf("C64")).toBeNull();
  expect(bitsOf("constructor")).toBeNull();
});
