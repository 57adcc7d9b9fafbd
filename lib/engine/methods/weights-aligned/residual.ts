import { multiplyTransposed } from "../../kernels";
import { symmetricEigenvalues } from "../../statistics/eigenvalues";

/** Shape of a difference D: moments about 0 and, for a block, its largest singular value over Marchenko and Pastur's edge. */
export interface ResidualShape {
  readonly moment2: number;
  readonly moment4: number;
  /** s₁ / (sd (√m + √n)); null for a block of fewer than 4 rows or columns. */
  readonly edge: number | null;
  /** What `edge` may reach in white noise of this size. */
  readonly edgeLimit: number;
}

/** o·scale taken from s. */
export function difference(s: Float32Array, o: Float32Array, scale: number): Float32Array {
  const out = new Float32Array(s.length);
  for (let i = 0; i < s.length; i++) out[i] = (s[i] as number) - scale * (o[i] as number);
  return out;
}

export function residualShape(d: Float32Array, rows: number, cols: number): ResidualShape {
  let [moment2, moment4] = [0, 0];
  for (let i = 0; i < d.length; i++) {
    const square = (d[i] as number) * (d[i] as number);
    moment2 += square;
    moment4 += square * square;
  }
  moment2 /= d.length;
  moment4 /= d.length;
  const spectrum = rows >= 4 && cols >= 4 && moment2 > 0 ? blockSpectrum(d, rows, cols) : null;
  const edge =
    spectrum && Math.sqrt(spectrum[0] as number) / (Math.sqrt(moment2) * (Math.sqrt(rows) + Math.sqrt(cols)));
  return { moment2, moment4, edge, edgeLimit: edgeLimit(rows, cols) };
}

export const spectrumRows = 256;

/** Eigenvalues of D·Dᵀ (or Dᵀ·D, whichever is smaller), largest first: squares of the singular values of D. */
export function blockSpectrum(d: Float32Array, rows: number, cols: number): Float64Array {
  const [block, m, n] = rows <= cols ? [d, rows, cols] : [transposed(d, rows, cols), cols, rows];
  // Numbers near 1, so that no square underflows in float32.
  let largest = 0;
  for (let i = 0; i < block.length; i++) largest = Math.max(largest, Math.abs(block[i] as number));
  if (largest === 0) return new Float64Array(m);
  const scaled = block.map((x) => x / largest);
  const gram = Float64Array.from(multiplyTransposed(scaled, scaled, m, m, n));
  return symmetricEigenvalues(gram, m).map((value) => Math.max(0, value) * largest * largest);
}

function transposed(d: Float32Array, rows: number, cols: number): Float32Array {
  const out = new Float32Array(d.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[c * rows + r] = d[r * cols + c] as number;
  return out;
}

const edgeSlack = 1.03;

/**
 * The edge ratio above which a block is not white: 1.03, and more for small blocks. s₁² of white noise has mean
 * (√m + √n)² and fluctuates by τ = (√m + √n)(1/√m + 1/√n)^⅓ in units of the Tracy–Widom law (Johnstone, Annals of
 * Statistics 29, 2001), whose upper 10^-4 point is 4.3.
 */
function edgeLimit(m: number, n: number): number {
  const [a, b] = [Math.sqrt(m), Math.sqrt(n)];
  const spread = (a + b) * cubeRoot(1 / a + 1 / b);
  return Math.max(edgeSlack, Math.sqrt(1 + (4.3 * spread) / ((a + b) * (a + b))));
}

/** By Newton's method; 0 < x ≤ 2. */
function cubeRoot(x: number): number {
  let y = 1;
  for (let step = 0; step < 24; step++) y -= (y - x / (y * y)) / 3;
  return y;
}
