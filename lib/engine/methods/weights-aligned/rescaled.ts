/** Factors by which one side's rows (or columns) differ from the other's, all else equal. */
export interface Rescaling {
  readonly axis: "rows" | "columns";
  readonly smallest: number;
  readonly largest: number;
}

/** 1 − cos of what rounding to bfloat16 leaves (relative error below 2^-8) stays below this. */
const cosineLeast = 0.9999;
const differs = 0.01;

/** Are nearly all rows, or all columns, multiples of their partners, by factors other than 1? */
export function rescalingOf(o: Float32Array, s: Float32Array, rows: number, cols: number): Rescaling | null {
  if (rows === 1) return null;
  const byRow = factors(o, s, rows, cols, cols, 1);
  if (cols >= 8 && byRow) return { axis: "rows", ...byRow };
  const byColumn = rows >= 4 ? factors(o, s, cols, rows, 1, cols) : null;
  return byColumn && { axis: "columns", ...byColumn };
}

function factors(
  o: Float32Array,
  s: Float32Array,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
): { smallest: number; largest: number } | null {
  let [used, parallel, moved] = [0, 0, 0];
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let line = 0; line < lines; line++) {
    let [oo, ss, os] = [0, 0, 0];
    for (let i = 0, at = line * lineStride; i < length; i++, at += stride) {
      const [x, y] = [o[at] as number, s[at] as number];
      oo += x * x;
      ss += y * y;
      os += x * y;
    }
    if (oo === 0 || ss === 0) continue;
    used += 1;
    const cosine = os / Math.sqrt(oo * ss);
    if (Math.abs(cosine) < cosineLeast) continue;
    parallel += 1;
    const factor = os / oo;
    if (Math.abs(factor - 1) > differs) moved += 1;
    smallest = Math.min(smallest, factor);
    largest = Math.max(largest, factor);
  }
  return used > 0 && parallel >= 0.95 * used && moved >= 0.5 * parallel ? { smallest, largest } : null;
}
