import { createHash } from "node:crypto";
import { multiplyTransposed } from "../kernels";
import { projectedWidth } from "./schema";

const scale = 32;
const largest = 127;
const matrices = new Map<number, Float32Array>();

/** R: 128 × cols of ±1, row-major. The signs of a column are the first 128 bits of a SHA-256, so that wider models share the first ones. */
function rademacher(cols: number): Float32Array {
  const known = matrices.get(cols);
  if (known !== undefined) return known;
  const matrix = new Float32Array(projectedWidth * cols);
  for (let column = 0; column < cols; column++) {
    const bits = createHash("sha256").update(`slipmark.fingerprint/v1\nprojection\n${column}`).digest();
    for (let row = 0; row < projectedWidth; row++) {
      const bit = ((bits[row >> 3] as number) >> (row & 7)) & 1;
      matrix[row * cols + column] = bit === 1 ? 1 : -1;
    }
  }
  if (matrices.size >= 4) matrices.clear();
  matrices.set(cols, matrix);
  return matrix;
}

/**
 * Rows projected one by one: ⌊32·R·w/|w| + ½⌋ held to ±127, in 128 int8 a row. A row's coordinates are about normal
 * with sd 32. Each row is mapped by itself and all alike, so that whatever order of rows was exchangeable stays so.
 * A zero row gives zeros.
 *
 * @param values rows × cols, row-major
 */
export function projectRows(values: Float32Array, rows: number, cols: number): Int8Array {
  const projected = multiplyTransposed(values, rademacher(cols), rows, projectedWidth, cols);
  const packed = new Int8Array(rows * projectedWidth);
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let at = row * cols; at < (row + 1) * cols; at++)
      squares += (values[at] as number) * (values[at] as number);
    if (!(squares > 0)) continue;
    const factor = scale / Math.sqrt(squares);
    for (let at = row * projectedWidth; at < (row + 1) * projectedWidth; at++) {
      const value = Math.floor((projected[at] as number) * factor + 0.5);
      packed[at] = Math.max(-largest, Math.min(largest, value));
    }
  }
  return packed;
}
