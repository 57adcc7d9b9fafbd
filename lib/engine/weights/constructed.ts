import { isFourierBasis } from "./fourier-basis";

/**
 * Values that code computes rather than training: position ids and other even steps, frequencies and slopes in
 * geometric steps, sine-cosine tables, the Fourier basis that speech models keep as a convolution. Recognised by the values, whatever the tensor is called.
 */
export function isConstructed(values: Float32Array, rows: number, cols: number): boolean {
  if (cols < 8) return false;
  return (
    everyRow(values, rows, cols, evenSteps) ||
    everyRow(values, rows, cols, geometric) ||
    sineCosine(values, rows, cols) ||
    isFourierBasis(values, rows, cols)
  );
}

function everyRow(
  values: Float32Array,
  rows: number,
  cols: number,
  holds: (row: Float32Array) => boolean,
): boolean {
  for (let r = 0; r < rows; r++) if (!holds(values.subarray(r * cols, (r + 1) * cols))) return false;
  return true;
}

/** 0, 1, 2 … and any other sequence of one difference that is not 0, up to the rounding of a half. */
function evenSteps(row: Float32Array): boolean {
  const [first, last] = [row[0] as number, row[row.length - 1] as number];
  const step = (last - first) / (row.length - 1);
  if (step === 0) return false;
  const slack = Math.abs(step) * 0.01 + Math.max(Math.abs(first), Math.abs(last)) * 0.005;
  if (slack >= Math.abs(step) * row.length * 0.02) return false;
  return row.every((x, i) => Math.abs(x - first - i * step) <= slack);
}

/** θ^(−2i/d) (Su et al., RoFormer, 2021) and ALiBi's slopes: one ratio throughout, up to the rounding of bfloat16. */
function geometric(row: Float32Array): boolean {
  const ratio = (row[1] as number) / (row[0] as number);
  if (!(ratio > 0) || Math.abs(ratio - 1) < 0.005) return false;
  for (let i = 1; i < row.length; i++) {
    const found = (row[i] as number) / (row[i - 1] as number);
    if (!(Math.abs(found / ratio - 1) < 0.02)) return false;
  }
  return true;
}

/** sin² + cos² = 1 for every pair, in halves or interleaved (Vaswani et al., 2017, 3.5). */
function sineCosine(values: Float32Array, rows: number, cols: number): boolean {
  if (cols % 2 === 1 || rows * cols < 16) return false;
  const half = cols / 2;
  let [halves, interleaved] = [true, true];
  for (let r = 0; r < rows && (halves || interleaved); r++) {
    const row = values.subarray(r * cols, (r + 1) * cols);
    for (let i = 0; i < half; i++) {
      if (!unit(row[i] as number, row[i + half] as number)) halves = false;
      if (!unit(row[2 * i] as number, row[2 * i + 1] as number)) interleaved = false;
    }
  }
  return halves || interleaved;
}

function unit(a: number, b: number): boolean {
  return Math.abs(a * a + b * b - 1) < 0.02;
}
