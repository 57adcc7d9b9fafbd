import { windowRows } from "../../statistics/row-matching";
import type { ReleaseWeights } from "../../weights/release-weights";
import type { LeftOut, Sides } from "./measure-cells";
import { type NeuronGroup, type NeuronStack, neuronStacks } from "./neuron-groups";
import { type RowRange, readRows, rowRange } from "./row-sample";

/**
 * Groups of which an ancestor holds the same rows at the same layer, in whatever part of it: a frozen tower that was
 * published by itself stands under other names, and pairing by names does not lead there. Eight rows settle it.
 */
export async function commonGroups(
  sides: Sides,
  stacks: { readonly a: readonly NeuronStack[]; readonly b: readonly NeuronStack[] },
  ancestors: readonly ReleaseWeights[],
): Promise<LeftOut> {
  const found = { a: new Set(sides.leftOut?.a), b: new Set(sides.leftOut?.b) };
  for (const ancestor of ancestors) {
    const theirs = neuronStacks(ancestor).flatMap(({ groups }) => groups);
    for (const side of ["a", "b"] as const) {
      sides.signal?.throwIfAborted();
      const open = stacks[side]
        .flatMap(({ groups }) => groups)
        .filter(({ tensor }) => !found[side].has(tensor.name));
      const held = await Promise.all(
        open.map(async (group) => {
          const range = fewRows(sides.seed, group);
          const like = theirs.filter((other) => isLike(group, other));
          if (range === null || like.length === 0) return false;
          const own = await readRows(sides[side], group.tensor, range, sides.signal);
          const others = await Promise.all(
            like.map((other) => readRows(ancestor, other.tensor, range, sides.signal)),
          );
          return own !== null && others.some((rows) => rows !== null && equal(own.values, rows.values));
        }),
      );
      for (const [index, group] of open.entries()) if (held[index]) found[side].add(group.tensor.name);
    }
  }
  return found;
}

function isLike(a: NeuronGroup, b: NeuronGroup): boolean {
  const sameShape = a.tensor.rows === b.tensor.rows && a.tensor.cols === b.tensor.cols;
  return (
    sameShape && a.layer === b.layer && a.expert === b.expert && a.tensor.place.role === b.tensor.place.role
  );
}

function fewRows(seed: string, { tensor }: NeuronGroup): RowRange | null {
  const range = rowRange(seed, tensor.rows, tensor.cols);
  return range && { start: range.start, rows: windowRows };
}

/** Equal in every value, and not merely all zero. */
function equal(a: Float32Array, b: Float32Array): boolean {
  return (
    a.length === b.length && a.some((value) => value !== 0) && a.every((value, index) => value === b[index])
  );
}
