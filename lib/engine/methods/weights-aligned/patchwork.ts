import type { CountedPair } from "../../weights/counted";

/**
 * Below this |cosine| the lines that are not equal are strangers. Heads of one layer lean the same way (to .17 in the
 * zoo's), and training that leaves other lines untouched, bit for bit, does not turn its own this far.
 */
const strangers = 0.3;
/** Fewer equal rows or columns than this may be chance. */
const fewestLines = 4;

/**
 * Is a matrix a patchwork: some rows (or columns) exactly those of its partner, and the others strangers? Rows that were
 * renumbered or replaced look like this; whole heads in another order, some of which fell on their own place, do.
 * Symmetric in the sides.
 */
export function isPatchwork({ o, s, pair }: CountedPair): boolean {
  const { rows, cols } = pair.at;
  return ofLines(o, s, rows, cols, cols, 1) || ofLines(o, s, cols, rows, 1, cols);
}

function ofLines(
  o: Float32Array,
  s: Float32Array,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
): boolean {
  if (length < 8) return false;
  let [kept, others] = [0, 0];
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let line = 0; line < lines; line++) {
    let [equal, a, b, aa, bb, ab] = [true, 0, 0, 0, 0, 0];
    for (let i = 0, at = line * lineStride; i < length; i++, at += stride) {
      const [x, y] = [o[at] as number, s[at] as number];
      if (x !== y) equal = false;
      a += x;
      b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    if (equal) {
      if (aa > 0) kept += 1;
      continue;
    }
    others += 1;
    n += length;
    [sumA, sumB, sumAA, sumBB, sumAB] = [sumA + a, sumB + b, sumAA + aa, sumBB + bb, sumAB + ab];
  }
  if (kept < fewestLines || others < fewestLines) return false;
  const both = (sumAA / n - (sumA / n) * (sumA / n)) * (sumBB / n - (sumB / n) * (sumB / n));
  const covariance = sumAB / n - (sumA / n) * (sumB / n);
  return both > 0 && Math.abs(covariance) < strangers * Math.sqrt(both);
}
