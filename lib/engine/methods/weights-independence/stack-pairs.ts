import type { NeuronGroup, NeuronStack } from "./neuron-groups";

export interface StackPair {
  readonly a: NeuronStack;
  readonly b: NeuronStack;
}

/** Rows that every group of both stacks has. */
export function heightOf({ a, b }: StackPair): number {
  return [...a.groups, ...b.groups].reduce((least, { tensor }) => Math.min(least, tensor.rows), Infinity);
}

/**
 * Stacks of two releases that stand for each other: of one width and one tensor group; first those of one name, then
 * those that are alike in nothing else's company (equal depth before any depth). Symmetric; never guessed.
 *
 * @param anyWidth pair stacks of different widths too (2B works across hidden sizes)
 */
export function pairStacks(
  a: readonly NeuronStack[],
  b: readonly NeuronStack[],
  { anyWidth = false } = {},
): StackPair[] {
  const width = (stack: NeuronStack) => (anyWidth ? "" : String(stack.cols));
  const keys: ((stack: NeuronStack) => string)[] = [
    (stack) => `${stack.group} ${width(stack)} ${stack.stack}`,
    (stack) => `${stack.group} ${width(stack)} ${stack.layers} ${stack.groups.length}`,
    (stack) => `${stack.group} ${width(stack)}`,
    (stack) => width(stack),
  ];
  const pairs: StackPair[] = [];
  let [left, right] = [[...a], [...b]];
  for (const key of keys) {
    const [mine, theirs] = [Map.groupBy(left, key), Map.groupBy(right, key)];
    for (const [name, [one, more]] of mine) {
      const [other, another] = theirs.get(name) ?? [];
      if (one === undefined || other === undefined || more !== undefined || another !== undefined) continue;
      pairs.push({ a: one, b: other });
    }
    left = left.filter((stack) => !pairs.some((pair) => pair.a === stack));
    right = right.filter((stack) => !pairs.some((pair) => pair.b === stack));
  }
  return pairs.flatMap(ofOneRole);
}

/** Up against up where both sides have one everywhere, else gate against gate; never one against the other. */
function ofOneRole({ a, b }: StackPair): StackPair[] {
  const role = (["up", "gate"] as const).find((name) =>
    [...a.groups, ...b.groups].every((group) => group[name] !== null),
  );
  if (role === undefined) return [];
  const of = (stack: NeuronStack): NeuronStack => ({
    ...stack,
    groups: stack.groups.map((group) => ({ ...group, tensor: group[role] ?? group.tensor })),
  });
  return [{ a: of(a), b: of(b) }];
}

/** Two groups held against each other. */
export interface Cell {
  readonly a: NeuronGroup;
  readonly b: NeuronGroup;
  /** Rows that every group of both stacks has: what is sampled depends on nothing else. */
  readonly height: number;
}

/**
 * Cells of a pair of stacks at which layer l of a meets layer l + offset of b, expert by expert. A single MLP meets the
 * first expert of a mixture, which may have been grown from it.
 */
export function cellsAt(pair: StackPair, offset: number): Cell[] {
  const { a, b } = pair;
  const height = heightOf(pair);
  const theirs = Map.groupBy(b.groups, ({ layer }) => layer);
  const singles = new Set<number>();
  return a.groups.flatMap((group): Cell[] => {
    const others = theirs.get(group.layer + offset) ?? [];
    const other = others.find(({ expert }) => expert === group.expert);
    if (other !== undefined) return [{ a: group, b: other, height }];
    const single = group.expert === null ? others[0] : others.find(({ expert }) => expert === null);
    if (single === undefined || singles.has(group.layer)) return [];
    singles.add(group.layer);
    return [{ a: group, b: single, height }];
  });
}

/** Cells of several pairs of stacks, at most `most` in all: small stacks keep theirs, large ones are thinned evenly. */
export function shared(lists: readonly (readonly Cell[])[], most: number): Cell[] {
  const order = [...lists.keys()].sort((x, y) => (lists[x] as Cell[]).length - (lists[y] as Cell[]).length);
  const kept = new Map<number, Cell[]>();
  let left = most;
  for (const [done, index] of order.entries()) {
    const cells = spread(lists[index] as Cell[], Math.floor(left / (order.length - done)));
    kept.set(index, cells);
    left -= cells.length;
  }
  return lists.flatMap((_, index) => kept.get(index) ?? []);
}

/** At most `most` of a list, evenly spread over it, in its order. */
export function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)] as T);
}
