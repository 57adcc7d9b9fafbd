import { type RowBlock, unitRows } from "../../statistics/row-matching";

/** Above this |cosine| of the same rows two groups of one model are taken for one. */
const resemblance = 0.1;

/**
 * Groups that resemble each other inside one model (experts grown from one MLP, repeated layers) would all be counted
 * for one and the same permutation. For each cell the index of the first cell that it falls together with, judged on
 * both sides: resembling on either is enough.
 */
export function collapse(cells: readonly { readonly a: RowBlock; readonly b: RowBlock }[]): number[] {
  const parent = cells.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at] as number;
    return at;
  };
  for (const side of ["a", "b"] as const) {
    const units = cells.map((cell) => unitBlock(cell[side]));
    for (let i = 0; i < cells.length; i++) {
      for (let j = i + 1; j < cells.length; j++) {
        if (root(i) === root(j) || !alike(units[i] as Float32Array, units[j] as Float32Array)) continue;
        const [first, second] = [root(i), root(j)].sort((x, y) => x - y) as [number, number];
        parent[second] = first;
      }
    }
  }
  return cells.map((_, index) => root(index));
}

function unitBlock(block: RowBlock): Float32Array {
  return unitRows(
    block,
    Array.from({ length: block.rows }, (_, row) => row),
  );
}

/** Mean cosine of corresponding rows; blocks of different shape resemble nothing. */
function alike(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k] as number, b[k] as number];
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return dot * dot > resemblance * resemblance * squaresA * squaresB;
}
