import { SeededStream } from "./sample-seed";

/** A stretch of a matrix in row-major logical coordinates: `rows` × `cols` from (row, col). */
export interface RunPosition {
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
}

/** A run inside a row starts at a multiple of this, so that it holds whole blocks of every known quantisation. */
const blockAlign = 256;

/**
 * Where the run of a matrix lies: as many whole rows as fit into `elements`, or a part of one row; at a place that
 * seed and label choose. A vector, or a matrix that fits, is taken whole.
 */
export function runPosition(
  shape: { readonly rows: number; readonly cols: number },
  elements: number,
  seed: string,
  label: string,
): RunPosition {
  const { rows, cols } = shape;
  const stream = new SeededStream(seed, `run\n${label}`);
  if (rows * cols <= elements) return { row: 0, col: 0, rows, cols };
  if (cols <= elements) {
    const taken = Math.floor(elements / cols);
    return { row: stream.below(rows - taken + 1), col: 0, rows: taken, cols };
  }
  const row = stream.below(rows);
  const slots = Math.floor((cols - elements) / blockAlign) + 1;
  return { row, col: stream.below(slots) * blockAlign, rows: 1, cols: elements };
}
