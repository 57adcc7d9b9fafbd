import { isNumeric } from "../formats/numbers/decode";
import type { WeightTensor } from "./release-weights";

type Sides = readonly [WeightTensor, WeightTensor];

/**
 * Pairs what names left over: equal role, parameter, layer and expert in stacks that correspond. Two stacks correspond
 * where pairs found by name lead from one to the other and to no third, or where each is the only one of its kind.
 */
export function pairByPlace(
  found: readonly Sides[],
  left: readonly WeightTensor[],
  right: readonly WeightTensor[],
): Sides[] {
  const stacks = correspondingStacks(found, left, right);
  const theirs = Map.groupBy(right, (tensor) => placeKey(tensor, tensor.place.stack));
  const mine = Map.groupBy(left, (tensor) => {
    const { stack } = tensor.place;
    return stack === null
      ? placeKey(tensor, null)
      : stacks.has(stack)
        ? placeKey(tensor, stacks.get(stack) ?? null)
        : "";
  });
  const pairs: Sides[] = [];
  for (const [key, [a, ...moreA]] of mine) {
    const [b, ...moreB] = theirs.get(key) ?? [];
    if (key === "" || !a || !b || moreA.length > 0 || moreB.length > 0) continue;
    if (a.place.role !== "other" && isComparable(a, b)) pairs.push([a, b]);
  }
  return pairs;
}

function placeKey({ place }: WeightTensor, stack: string | null): string {
  const { role, parameter, layer, expert } = place;
  const group = stack === null ? place.group : "";
  return JSON.stringify([role, parameter, stack, layer, expert, group]);
}

function correspondingStacks(
  found: readonly Sides[],
  left: readonly WeightTensor[],
  right: readonly WeightTensor[],
): Map<string, string> {
  const stacks = new Map<string, string>();
  const taken = new Set<string>();
  const leads = new Map<string, Set<string>>();
  const back = new Map<string, Set<string>>();
  for (const [a, b] of found) {
    if (a.place.stack === null || b.place.stack === null) continue;
    add(leads, a.place.stack, b.place.stack);
    add(back, b.place.stack, a.place.stack);
  }
  for (const [mine, others] of leads) {
    const [other] = others;
    if (other === undefined || others.size > 1 || back.get(other)?.size !== 1) continue;
    stacks.set(mine, other);
    taken.add(other);
  }
  const free = (tensors: readonly WeightTensor[], known: (stack: string) => boolean) =>
    Map.groupBy(
      new Map(tensors.filter(hasRole).map(({ place }) => [place.stack ?? "", place] as const)).values(),
      ({ group, stack }) => `${group} ${kindOf(stack ?? "")} ${known(stack ?? "")}`,
    );
  const [mine, theirs] = [free(left, (stack) => leads.has(stack)), free(right, (stack) => back.has(stack))];
  for (const [kind, [a, ...moreA]] of mine) {
    const [b, ...moreB] = theirs.get(kind) ?? [];
    if (!kind.endsWith(" false") || !a?.stack || !b?.stack || moreA.length > 0 || moreB.length > 0) continue;
    if (!taken.has(b.stack)) stacks.set(a.stack, b.stack);
  }
  return stacks;
}

function hasRole({ place }: WeightTensor): boolean {
  return place.stack !== null && place.role !== "other";
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}

/** Encoder, decoder, or the one stack there is; cross attention and shared experts apart. */
function kindOf(stack: string): string {
  const [path = "", part = ""] = stack.split("#");
  const side = /(?:^|\.)dec(?:oder)?(?:\.|$)/.test(path)
    ? "decoder"
    : /(?:^|\.)enc(?:oder)?(?:\.|$)/.test(path)
      ? "encoder"
      : "";
  return `${side}#${part}`;
}

/** A matrix is no partner of a vector, and raw codes only of codes of one kind. */
export function isComparable(a: WeightTensor, b: WeightTensor): boolean {
  if (a.shape.length >= 2 !== b.shape.length >= 2) return false;
  return a.dtype === b.dtype || (isNumeric(a.dtype) && isNumeric(b.dtype));
}
