import { exponentOf, type NumberGrid, unitAt } from "../../weights/number-grid";

/** Mean square of the grid's unit at the values; 0 for a format without one. */
export function meanUnit2(values: Float32Array, grid: NumberGrid | null): number {
  if (grid === null) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const unit = unitAt(exponentOf(values[i] as number), grid);
    sum += unit * unit;
  }
  return sum / values.length;
}
