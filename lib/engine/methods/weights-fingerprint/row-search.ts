import { projectRows } from "../../fingerprint/projection";
import { projectedWidth } from "../../fingerprint/schema";
import { multiplyTransposed } from "../../kernels";
import { type RowBlock, unitRows, unusableRows } from "../../statistics/row-matching";
import { layerCells, projectedBlock } from "./rows";
import type { FingerprintStatistics } from "./schema";
import type { Side } from "./sides";

type RowSearch = NonNullable<FingerprintStatistics["rowSearch"]>;

/** |cosine| of 128 projected coordinates that unrelated rows do not reach: sd 1/√128, so 6.8 of them. */
const closeness = 0.6;
const rowsAtOnce = 1024;

interface Found {
  readonly candidates: number;
  readonly found: number;
}

/**
 * The kept rows of one layer (the middle one) against all rows of that layer on the other side: pairs that are each
 * other's best at |cosine| ≥ 0.6. Finds rows that were moved away from the fixed places. Independent models share
 * features, so the count means something only beside the same count for unrelated controls.
 */
export async function searchRows(
  a: Side,
  b: Side,
  controls: readonly (Side | null)[],
  signal?: AbortSignal,
): Promise<RowSearch | null> {
  const cells = layerCells(a, b);
  const cell = cells[cells.length >> 1];
  if (cell === undefined) return null;
  // The kept rows of a fingerprint are the references; between two fingerprints both have no more than these.
  const [fixed, fixedName, other, otherName] =
    a.live === null
      ? [a, cell.a.tensor.name, b, cell.b.tensor.name]
      : [b, cell.b.tensor.name, a, cell.a.tensor.name];
  const references = await projectedBlock(fixed, fixedName, signal);
  if (references === null) return null;
  const usable = usableRows(references);
  const against = async (side: Side, name: string) => bestPairs(references, usable, side, name, signal);
  const result = await against(other, otherName);
  if (result === null) return null;
  const controlled: (Found | null)[] = [];
  for (const control of controls) {
    const like = control && layerCells(fixed, control).find((one) => one.a.tensor.name === fixedName);
    controlled.push(control && like ? await against(control, like.b.tensor.name) : null);
  }
  return { layer: cell.a.layer, references: usable.length, ...result, controls: controlled };
}

async function bestPairs(
  references: RowBlock,
  usable: readonly number[],
  side: Side,
  name: string,
  signal?: AbortSignal,
): Promise<Found | null> {
  const own = unitRows(references, usable);
  const best = usable.map(() => ({ cosine: 0, row: -1 }));
  const bestOf: number[] = [];
  let candidates = 0;
  for await (const block of blocksOf(side, name, signal)) {
    if (block === null) return null;
    const rows = usableRows(block);
    const products = multiplyTransposed(
      unitRows(block, rows),
      own,
      rows.length,
      usable.length,
      projectedWidth,
    );
    for (let row = 0; row < rows.length; row++) {
      let [top, at] = [0, -1];
      for (let reference = 0; reference < usable.length; reference++) {
        const cosine = Math.abs(products[row * usable.length + reference] as number);
        if (cosine > top) [top, at] = [cosine, reference];
        const known = best[reference] as { cosine: number; row: number };
        if (cosine > known.cosine) best[reference] = { cosine, row: candidates + row };
      }
      bestOf.push(at);
    }
    candidates += rows.length;
  }
  const mutual = best.filter(({ cosine, row }, index) => cosine >= closeness && bestOf[row] === index);
  return { candidates, found: mutual.length };
}

/** All projected rows of a matrix, block by block; null once bytes cannot be had. */
async function* blocksOf(side: Side, name: string, signal?: AbortSignal): AsyncGenerator<RowBlock | null> {
  const tensor = side.live?.tensors.get(name);
  if (side.live === null || tensor === undefined) {
    yield await projectedBlock(side, name, signal);
    return;
  }
  const { cols, rows } = tensor;
  for (let start = 0; start < rows; start += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - start);
    const values = await side.live.read(tensor, start * cols, (start + count) * cols, signal);
    if (values === null) {
      yield null;
      return;
    }
    const projected = Float32Array.from(projectRows(values, count, cols));
    yield { values: projected, rows: count, cols: projectedWidth };
  }
}

function usableRows(block: RowBlock): number[] {
  const unusable = unusableRows(block);
  return Array.from({ length: block.rows }, (_, row) => row).filter((row) => !unusable[row]);
}
