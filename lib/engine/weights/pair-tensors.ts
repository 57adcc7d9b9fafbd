import { sha256Hex } from "../formats/canonical-json";
import { byCodeUnit } from "../formats/metadata-files";
import { matchNames } from "../methods/architecture/match-names";
import { firstGroup } from "../methods/architecture/roles";
import type { TensorGroup } from "../result/document";
import { isComparable, pairByPlace } from "./pair-by-place";
import type { ReleaseWeights, WeightTensor } from "./release-weights";

export interface TensorPair {
  readonly original: WeightTensor;
  readonly suspect: WeightTensor;
  readonly group: TensorGroup;
}

export interface TensorPairs {
  /** In the order of the names of the side that comes first by its names: the same pairs in the same order, swapped or not. */
  readonly pairs: readonly TensorPair[];
  readonly unpaired: {
    readonly original: readonly WeightTensor[];
    readonly suspect: readonly WeightTensor[];
  };
}

type Sides = readonly [WeightTensor, WeightTensor];

/**
 * Which tensor of one release answers which of the other: by equal names, then by the renames that explain the rest
 * (as the architecture method finds them), then by place. Never a guess between two. Paired tensors may differ in
 * rows or columns (an extended vocabulary, another width); raw codes are only paired with codes of their own dtype.
 * Where one side stores an output head that the other ties to its embedding, head and embedding are a pair, too.
 */
export function pairTensors(original: ReleaseWeights, suspect: ReleaseWeights): TensorPairs {
  // One order of the sides for the search, whichever was named first: swapping changes nothing but the names.
  const swapped = byCodeUnit(tableDigest(original), tableDigest(suspect)) > 0;
  const [a, b] = swapped ? [suspect, original] : [original, suspect];
  const found = pairInOrder(a, b);
  const pairs = found.pairs.map(([mine, theirs]) => ({
    original: swapped ? theirs : mine,
    suspect: swapped ? mine : theirs,
    group: firstGroup(mine.place.group, theirs.place.group),
  }));
  const [left, right] = swapped ? [found.right, found.left] : [found.left, found.right];
  return { pairs, unpaired: { original: left, suspect: right } };
}

function tableDigest({ tensors }: ReleaseWeights): string {
  return sha256Hex(
    [...tensors.values()].map(({ name, shape, dtype }) => `${name} ${shape} ${dtype}`).join("\n"),
  );
}

function pairInOrder(a: ReleaseWeights, b: ReleaseWeights) {
  const named = matchNames(spellings(a), spellings(b));
  const pairs: Sides[] = [];
  for (const [mine, theirs] of named.pairs) {
    const [left, right] = [a.tensors.get(mine), b.tensors.get(theirs)];
    if (left && right && isComparable(left, right)) pairs.push([left, right]);
  }
  pairs.push(...pairByPlace(pairs, rest(a, pairs, 0), rest(b, pairs, 1)));
  const [left, right] = [rest(a, pairs, 0), rest(b, pairs, 1)];
  pairs.push(...tiedHeads(left, b, right).map(([x, y]) => [x, y] as const));
  pairs.push(...tiedHeads(right, a, left).map(([x, y]) => [y, x] as const));
  const sorted = pairs.sort((x, y) => byCodeUnit(x[0].name, y[0].name) || byCodeUnit(x[1].name, y[1].name));
  return { pairs: sorted, left: rest(a, pairs, 0), right: rest(b, pairs, 1) };
}

function spellings({ tensors }: ReleaseWeights) {
  return [...tensors.values()].map(({ name, shape }) => ({ name, spelt: name, shape: shape.join("x") }));
}

function rest({ tensors }: ReleaseWeights, pairs: readonly Sides[], side: 0 | 1): WeightTensor[] {
  const taken = new Set(pairs.map((pair) => pair[side].name));
  return [...tensors.values()].filter(({ name }) => !taken.has(name));
}

/** The head that is left over here, with the embedding that serves as head there. */
function tiedHeads(
  left: readonly WeightTensor[],
  other: ReleaseWeights,
  right: readonly WeightTensor[],
): Sides[] {
  const isHead = ({ place }: WeightTensor) => place.role === "head" && place.parameter === "weight";
  const [head, ...more] = left.filter(isHead);
  const embeddings = [...other.tensors.values()].filter(
    ({ place }) => place.role === "embedding" && place.group === "embeddings",
  );
  const tied = other.config.tiedEmbeddings === true && !right.some(isHead);
  const [embedding] = embeddings;
  if (!tied || !head || more.length > 0 || !embedding || embeddings.length > 1) return [];
  return isComparable(head, embedding) ? [[head, embedding]] : [];
}
