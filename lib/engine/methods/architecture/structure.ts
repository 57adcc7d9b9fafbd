import type { TensorFacts, TensorTable } from "../../formats/tensor-table";
import { jaccard } from "../../statistics/round";
import { matchNames, type NameMatch } from "./match-names";
import { byGroupOrder, groupOfPair } from "./roles";
import type { ArchitectureStatistics } from "./schema";
import { isNumber, type Spelling } from "./spellings";

type Structure = Pick<
  ArchitectureStatistics,
  | "paired"
  | "unchanged"
  | "renames"
  | "unpaired"
  | "unpairedCount"
  | "shapes"
  | "dtypesDifferent"
  | "matrixShapeJaccard"
  | "layers"
  | "groups"
>;

const maxListed = 200;

/** Everything the two tensor tables say about each other. */
export function compareStructures(
  original: TensorTable,
  suspect: TensorTable,
): Structure & { match: NameMatch } {
  const shapesKnown = original.shapesKnown && suspect.shapesKnown;
  const match = matchNames(spellings(original, shapesKnown), spellings(suspect, shapesKnown));
  const pairs = [...match.pairs].map(([a, b]) => [original.tensors.get(a), suspect.tensors.get(b)] as const);
  const shapes = { equal: 0, different: 0, unknown: 0 };
  let dtypesDifferent = 0;
  for (const [a, b] of pairs) {
    if (!a?.shape || !b?.shape) shapes.unknown += 1;
    else if (shapeText(a) === shapeText(b)) shapes.equal += 1;
    else shapes.different += 1;
    if (a?.dtype && b?.dtype && a.dtype !== b.dtype) dtypesDifferent += 1;
  }
  const groups = Map.groupBy(match.pairs, ([a, b]) => groupOfPair(a, b));
  return {
    match,
    paired: pairs.length,
    unchanged: countBy([...match.pairs].filter(([a, b]) => a === b).map(([a]) => a.split(".")[0] ?? "")),
    renames: [...match.renames],
    unpaired: {
      original: match.unpaired.original.slice(0, maxListed),
      suspect: match.unpaired.suspect.slice(0, maxListed),
    },
    unpairedCount: { original: match.unpaired.original.length, suspect: match.unpaired.suspect.length },
    shapes,
    dtypesDifferent,
    matrixShapeJaccard: shapesKnown ? matrixJaccard(original, suspect) : null,
    layers: layerStacks(original, suspect, match, shapesKnown),
    groups: [...groups]
      .sort(([a], [b]) => byGroupOrder(a, b))
      .map(([group, list]) => ({ group, tensors: list.length })),
  };
}

function spellings(table: TensorTable, withShapes: boolean): Spelling[] {
  return [...table.tensors.values()].map((facts) => ({
    name: facts.name,
    spelt: facts.name,
    shape: withShapes ? shapeText(facts) : "",
  }));
}

function shapeText(facts: TensorFacts): string {
  return facts.shape?.join("x") ?? "";
}

function matrixJaccard(original: TensorTable, suspect: TensorTable): number {
  const matrices = ({ tensors }: TensorTable) =>
    [...tensors.values()].filter(({ shape }) => (shape?.length ?? 0) >= 2).map(shapeText);
  const [a, b] = [matrices(original), matrices(suspect)];
  return jaccard(commonCount(a, b), a.length, b.length);
}

/** Size of the intersection of two multisets. */
function commonCount(a: readonly string[], b: readonly string[]): number {
  const left = counts(b);
  let common = 0;
  for (const item of a) {
    const rest = left.get(item) ?? 0;
    if (rest > 0) common += 1;
    left.set(item, rest - 1);
  }
  return common;
}

/** Stacks are told by what stands before the first number of a name; a stack's partner is where its pairs lead. */
function layerStacks(original: TensorTable, suspect: TensorTable, match: NameMatch, shapesKnown: boolean) {
  const [mine, theirs] = [stacksOf(original), stacksOf(suspect)];
  const leads = new Set<string>();
  for (const [a, b] of match.pairs) {
    const [from, to] = [stackAndLayer(a), stackAndLayer(b)];
    if (from && to) leads.add(`${from.stack}\n${to.stack}`);
  }
  return [...leads].sort().map((lead) => {
    const [from = "", to = ""] = lead.split("\n");
    const [a, b] = [mine.get(from) ?? new Map(), theirs.get(to) ?? new Map()];
    const equal = [...a].filter(([number, shapes]) => sameList(shapes, b.get(number) ?? [])).length;
    return {
      original: from,
      suspect: to,
      count: { original: a.size, suspect: b.size },
      equalShapes: shapesKnown ? equal : null,
    };
  });
}

function stacksOf({ tensors }: TensorTable): Map<string, Map<string, string[]>> {
  const stacks = new Map<string, Map<string, string[]>>();
  for (const facts of tensors.values()) {
    const found = stackAndLayer(facts.name);
    if (found === null) continue;
    const layers = stacks.get(found.stack) ?? new Map<string, string[]>();
    layers.set(found.layer, [...(layers.get(found.layer) ?? []), shapeText(facts)]);
    stacks.set(found.stack, layers);
  }
  return stacks;
}

function stackAndLayer(name: string): { stack: string; layer: string } | null {
  const segments = name.split(".");
  const at = segments.findIndex(isNumber);
  return at === -1 ? null : { stack: segments.slice(0, at).join("."), layer: segments[at] as string };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join("\n") === [...b].sort().join("\n");
}

function countBy(items: readonly string[]): { prefix: string; tensors: number }[] {
  return [...counts(items)]
    .map(([prefix, tensors]) => ({ prefix, tensors }))
    .sort((a, b) => b.tensors - a.tensors || (a.prefix < b.prefix ? -1 : 1));
}

function counts(items: readonly string[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const item of items) result.set(item, (result.get(item) ?? 0) + 1);
  return result;
}
