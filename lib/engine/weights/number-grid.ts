/** The numbers that a stored format can hold: `fraction` bits behind the leading one, subnormal below 2^minExponent. */
export interface NumberGrid {
  readonly fraction: number;
  readonly minExponent: number;
}

/** IEEE 754 binary16/32/64, bfloat16, and the two 8-bit formats of the Open Compute Project (OFP8, 2023). */
const grids: Readonly<Record<string, NumberGrid>> = {
  F64: { fraction: 52, minExponent: -1022 },
  F32: { fraction: 23, minExponent: -126 },
  F16: { fraction: 10, minExponent: -14 },
  BF16: { fraction: 7, minExponent: -126 },
  F8_E4M3: { fraction: 3, minExponent: -6 },
  F8_E5M2: { fraction: 2, minExponent: -14 },
};

/** The grid of a dtype, or null for a quantised or whole-number one, whose steps are its own. */
export function gridOf(dtype: string): NumberGrid | null {
  return Object.hasOwn(grids, dtype) ? (grids[dtype] as NumberGrid) : null;
}

/** The coarser of two dtypes: a quantised one before any float, else the one with fewer fraction bits. Symmetric. */
export function coarserGrid(a: string, b: string): NumberGrid | null {
  const [x, y] = [gridOf(a), gridOf(b)];
  if (x === null || y === null) return null;
  return x.fraction < y.fraction || (x.fraction === y.fraction && x.minExponent > y.minExponent) ? x : y;
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);
const powers = Float64Array.from({ length: 512 }, (_, i) => 2 ** (i - 300));

/** Floor of log2 |x| of a float32; −149 … 127, and −150 for 0. */
export function exponentOf(x: number): number {
  single[0] = x;
  const field = ((bits[0] as number) >>> 23) & 0xff;
  if (field > 0) return field - 127;
  const rest = (bits[0] as number) & 0x7fffff;
  return rest === 0 ? -150 : -118 - Math.clz32(rest);
}

/** Distance between neighbours of the grid in the binade [2^exponent, 2^(exponent + 1)). Powers of two are exact. */
export function unitAt(exponent: number, grid: NumberGrid): number {
  return powers[Math.max(exponent, grid.minExponent, -149) - Math.min(grid.fraction, 52) + 300] as number;
}

/** Adding and taking away 1.5 · 2^52 rounds a double below 2^51 to the nearest whole number, ties to even. */
const toWhole = 6755399441055744;

/**
 * Every value moved to the nearest number of the grid, ties to even. Overflow is not modelled: a value beyond the
 * largest number of a narrow format stays where its grid would go on. Values that float32 cannot tell apart are kept.
 */
export function roundToGrid(values: Float32Array, grid: NumberGrid | null): Float32Array {
  if (grid === null || grid.fraction >= 23) return values;
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (x === 0 || !Number.isFinite(x)) {
      out[i] = x;
      continue;
    }
    const unit = unitAt(exponentOf(x), grid);
    out[i] = (x / unit + toWhole - toWhole) * unit;
  }
  return out;
}
