import { multiplyTransposed } from "../../kernels";
import { type RowBlock, unitRows, unusableRows } from "../../statistics/row-matching";

/** Rows multiplied at one time: bounds the table of cosines. */
const panel = 256;

/** For each row of a the row of b with the largest |cosine| (the first of equals); −1 where a row cannot be compared. */
export function nearestRows(a: RowBlock, b: RowBlock): Int32Array {
  const nearest = new Int32Array(a.rows).fill(-1);
  const [usableA, usableB] = [usableRows(a), usableRows(b)];
  if (usableB.length === 0) return nearest;
  const candidates = unitRows(b, usableB);
  for (let at = 0; at < usableA.length; at += panel) {
    const rows = usableA.slice(at, at + panel);
    const cosines = multiplyTransposed(unitRows(a, rows), candidates, rows.length, usableB.length, a.cols);
    for (const [i, row] of rows.entries()) {
      let [largest, best] = [-1, -1];
      for (let j = 0, k = i * usableB.length; j < usableB.length; j++, k++) {
        const size = Math.abs(cosines[k] as number);
        if (size > largest) [largest, best] = [size, j];
      }
      nearest[row] = usableB[best] as number;
    }
  }
  return nearest;
}

function usableRows(block: RowBlock): number[] {
  const unusable = unusableRows(block);
  return Array.from({ length: block.rows }, (_, row) => row).filter((row) => !unusable[row]);
}
