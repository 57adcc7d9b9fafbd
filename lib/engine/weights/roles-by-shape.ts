import type { LaidOut } from "./layouts";
import type { TensorRole } from "./release-weights";

/**
 * Roles for stacks whose words say nothing, as far as shapes alone decide. In a block of width h the one h × f matrix
 * with f > h leads down from the neurons, and the one f × h matrix up to them. Where two matrices have one shape (gate
 * and up, key and value, query and output of equal width) nothing is decided: a role is never a guess.
 */
export function rolesByShape(laidOut: readonly LaidOut[], hidden: number | null): LaidOut[] {
  const stacks = Map.groupBy(laidOut, ({ tensor }) => tensor.place.stack);
  const silent = new Set(
    [...stacks]
      .filter(([stack, list]) => stack !== null && list.every(({ tensor }) => isUnnamed(tensor.place.role)))
      .map(([stack]) => stack),
  );
  const blocks = Map.groupBy(laidOut, ({ tensor: { place } }) =>
    place.expert === null && silent.has(place.stack) ? JSON.stringify([place.stack, place.layer]) : "",
  );
  const found = new Map<LaidOut, TensorRole>();
  for (const [key, block] of blocks) {
    if (key === "") continue;
    const matrices = block.filter(({ tensor }) => tensor.shape.length === 2);
    const width = hidden ?? widthOf(matrices);
    if (width === null) continue;
    const down = only(matrices.filter(({ tensor }) => tensor.rows === width && tensor.cols > width));
    if (down === null) continue;
    found.set(down, "down");
    const up = only(
      matrices.filter(({ tensor }) => tensor.cols === width && tensor.rows === down.tensor.cols),
    );
    if (up !== null) found.set(up, "up");
  }
  return laidOut.map((one) => {
    const role = found.get(one);
    return role ? { ...one, tensor: { ...one.tensor, place: { ...one.tensor.place, role } } } : one;
  });
}

function isUnnamed(role: TensorRole): boolean {
  return role === "other" || role.startsWith("norm");
}

/** The one size that every matrix of a block has on a side. */
function widthOf(matrices: readonly LaidOut[]): number | null {
  const [first, ...rest] = matrices.map(({ tensor }) => new Set([tensor.rows, tensor.cols]));
  if (first === undefined || rest.length === 0) return null;
  return only([...first].filter((size) => rest.every((sizes) => sizes.has(size))));
}

function only<T>(items: readonly T[]): T | null {
  return items.length === 1 ? (items[0] as T) : null;
}
