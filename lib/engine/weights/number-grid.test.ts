import { describe, expect, it } from "vitest";
import { coarserGrid, exponentOf, gridOf, roundToGrid, unitAt } from "./number-grid";

const bf16 = gridOf("BF16");
const f16 = gridOf("F16");

describe("number grids", () => {
  it("rounds to bfloat16 as cutting the bits of a float32 with ties to even does", () => {
    const values = new Float32Array(20000);
    const words = new Uint32Array(values.buffer);
    let state = 12345;
    for (let i = 0; i < words.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      words[i] = (state & 0x807fffff) | ((90 + (state % 60)) << 23);
    }
    const expected = new Float32Array(values);
    const rounded = new Uint32Array(expected.buffer);
    for (let i = 0; i < rounded.length; i++) {
      const word = rounded[i] as number;
      rounded[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
    }
    expect(roundToGrid(values, bf16)).toEqual(expected);
  });

  it("rounds to binary16, ties to even and subnormals included", () => {
    const values = Float32Array.from([
      1.00048828125, 1.0014648, 0.1, -3.3e-5, 5.9e-8, 2.9e-8, 1e-6, 65504, 0.02,
    ]);
    const expected = [1, 1.001953125, 0.0999755859375, -3.3020973205566406e-5, 2 ** -24, 0];
    expect([...roundToGrid(values, f16)].slice(0, 6)).toEqual(expected);
  });

  it("leaves float32 and quantised formats as they are", () => {
    const values = Float32Array.from([0.1, 1e-30]);
    expect(roundToGrid(values, gridOf("F32"))).toBe(values);
    expect(roundToGrid(values, gridOf("Q4_K"))).toBe(values);
  });

  it("knows the units of METHODS: 2^(E−7), 2^(E−10), 2^(E−23)", () => {
    expect(["BF16", "F16", "F32"].map((dtype) => unitAt(-6, gridOf(dtype) as never))).toEqual([
      2 ** -13,
      2 ** -16,
      2 ** -29,
    ]);
    expect([exponentOf(0.0157), exponentOf(-1), exponentOf(1e-45), exponentOf(0)]).toEqual([
      -6, 0, -149, -150,
    ]);
  });

  it("takes the coarser of two formats, whichever comes first", () => {
    expect(coarserGrid("F32", "BF16")).toBe(bf16);
    expect(coarserGrid("BF16", "F16")).toBe(bf16);
    expect(coarserGrid("F16", "F32")).toBe(f16);
    expect(coarserGrid("Q8_0", "F16")).toBeNull();
  });
});
