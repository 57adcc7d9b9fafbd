import type { TensorStatistics } from "../methods/identity/schema";
import type { AlignedStatistics } from "../methods/weights-aligned/schema";
import { nameParts } from "../weights/name-parts";

/**
 * Where the values of a tensor come from, as a map shows it: the other side's own, the same re-encoded or with noise,
 * the other side's after training, an ancestor's, nothing alike, or not counted for another reason.
 */
export const origins = ["equal", "re-encoded", "trained", "ancestor", "nothing", "left-out"] as const;
export type Origin = (typeof origins)[number];

type MappedTensor = AlignedStatistics["tensorMap"][number];

export function originOf({ change, leftOut, ancestor }: MappedTensor): Origin {
  if (leftOut === "common-ancestor" || leftOut === "common-families" || ancestor !== null) return "ancestor";
  if (leftOut !== null) return "left-out";
  if (change === "equal") return "equal";
  if (change === "trained") return "trained";
  return change === "none" ? "nothing" : "re-encoded";
}

/** By bytes alone (identity at level 3): the other side's, an ancestor's, or some leaves of the other side's. */
export function originsByBytes({ map, partial }: TensorStatistics): { name: string; origin: Origin }[] {
  return [
    ...map
      .filter(({ side }) => side === "suspect")
      .map(({ tensor, ancestors }) => ({
        name: tensor,
        origin: ancestors.length > 0 ? ("ancestor" as const) : ("equal" as const),
      })),
    ...partial.map(({ suspect }) => ({ name: suspect, origin: "re-encoded" as const })),
  ];
}

interface GridCell {
  /** Number of the layer, or "" outside of layers. */
  readonly column: string;
  /** What the tensor is within its layer. */
  readonly row: string;
  readonly origin: Origin;
}

/**
 * A grid of layers × kinds of tensors: one cell for what stands at one place, experts and biases of one place together
 * (the most frequent origin is shown). Columns rise; tensors outside of layers come first.
 */
export function tensorGrid(
  tensors: readonly { readonly name: string; readonly origin: Origin }[],
): GridCell[] {
  const parts = tensors.map(({ name, origin }) => ({ ...nameParts(name), origin }));
  const stacks = new Set(parts.flatMap(({ stack }) => (stack === null ? [] : [stack])));
  const placed = parts.map(({ stack, layer, words, origin }) => ({
    column: layer === null ? "" : String(layer),
    row: [...(stacks.size > 1 && stack !== null ? [shortened(stack)] : []), ...words].join("."),
    origin,
  }));
  return [...Map.groupBy(placed, ({ column, row }) => `${column} ${row}`).values()]
    .map((inside) => {
      const [first] = inside as [GridCell];
      const most = origins.toSorted((a, b) => countOf(inside, b) - countOf(inside, a))[0] as Origin;
      return { ...first, origin: most };
    })
    .sort((a, b) => Number(a.column === "" ? -1 : a.column) - Number(b.column === "" ? -1 : b.column));
}

function countOf(cells: readonly GridCell[], origin: Origin): number {
  return cells.filter((cell) => cell.origin === origin).length;
}

/** "vision_tower.model.layers" → "vision_tower": enough to tell the stacks of one release apart. */
function shortened(stack: string): string {
  return stack.split(".")[0] ?? stack;
}
