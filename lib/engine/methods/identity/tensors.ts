import { byCodeUnit } from "../../formats/metadata-files";
import { type FullRead, isCounted, type ReadSide, type ReadTensor } from "../../weights/full-read";
import type { TensorStatistics } from "./schema";

const mostRows = 500;
const mostNames = 4;

type Pair = readonly [ReadTensor, ReadTensor];

/**
 * Which tensors of both sides are the same bytes, whatever their names, files and order, by the Merkle roots of a full
 * read; which tensors of either side stand in an ancestor; and how much of those that differ is equal leaf by leaf.
 */
export function tensorIdentity(read: FullRead): TensorStatistics {
  const { original, suspect } = read;
  const [mine, theirs] = [countedTensors(original), countedTensors(suspect)];
  const pairs = sameRoots(mine, theirs);
  const older = read.ancestors.map((side) => Map.groupBy(side.tensors.values(), ({ root }) => root ?? ""));
  const inAncestor = ({ root }: ReadTensor) => older.some((roots) => roots.has(root ?? ""));
  const rows = [...mapRows("suspect", theirs, mine, older), ...mapRows("original", mine, theirs, older)];
  const partial = partlyEqual(read);
  return {
    incomplete: { original: isIncomplete(original), suspect: isIncomplete(suspect) },
    counted: { original: mine.length, suspect: theirs.length },
    notCounted: {
      original: original.tensors.size - mine.length,
      suspect: suspect.tensors.size - theirs.length,
    },
    identical: pairs.length,
    inAncestor: {
      pairs: pairs.filter(([tensor]) => inAncestor(tensor)).length,
      original: mine.filter(inAncestor).length,
      suspect: theirs.filter(inAncestor).length,
    },
    renamed: pairs.filter(([a, b]) => a.tensor.name !== b.tensor.name).length,
    resharded: isResharded(pairs),
    reordered: isReordered(pairs),
    map: rows.slice(0, mostRows),
    mapNotListed: Math.max(0, rows.length - mostRows),
    partial: partial.slice(0, mostRows),
    partialNotListed: Math.max(0, partial.length - mostRows),
  };
}

function countedTensors({ tensors }: ReadSide): ReadTensor[] {
  return [...tensors.values()].filter(isCounted).sort((a, b) => byCodeUnit(a.tensor.name, b.tensor.name));
}

/** Some file of the side was not read whole, or some tensor has no bytes of its own. */
function isIncomplete({ opened, files, tensors }: ReadSide): boolean {
  return (
    !opened ||
    files.some(({ root }) => root === null) ||
    [...tensors.values()].some(({ root }) => root === null)
  );
}

/** One to one: namesakes first, the others of a root in the order of their names. */
function sameRoots(mine: readonly ReadTensor[], theirs: readonly ReadTensor[]): Pair[] {
  const others = Map.groupBy(theirs, ({ root }) => root);
  return [...Map.groupBy(mine, ({ root }) => root)].flatMap(([root, left]) => {
    const right = others.get(root) ?? [];
    const byName = new Map(right.map((tensor) => [tensor.tensor.name, tensor]));
    const namesakes = left.flatMap((a): Pair[] => {
      const b = byName.get(a.tensor.name);
      return b ? [[a, b]] : [];
    });
    const taken = new Set(namesakes.flat());
    const waiting = right.filter((tensor) => !taken.has(tensor));
    const rest = left
      .filter((tensor) => !taken.has(tensor))
      .slice(0, waiting.length)
      .map((a, i): Pair => [a, waiting[i] as ReadTensor]);
    return [...namesakes, ...rest];
  });
}

/** Tensors that lie in one file here and in several there, or the other way round. */
function isResharded(pairs: readonly Pair[]): boolean {
  const files = (side: 0 | 1) => Map.groupBy(pairs, (pair) => pair[side].at?.path);
  return ([0, 1] as const).some((side) =>
    [...files(side).values()].some((own) => new Set(own.map((pair) => pair[1 - side]?.at?.path)).size > 1),
  );
}

/** Two tensors of one file on both sides that follow each other the other way round. */
function isReordered(pairs: readonly Pair[]): boolean {
  const groups = Map.groupBy(pairs, ([a, b]) => `${a.at?.path}\n${b.at?.path}`);
  return [...groups.values()].some((own) => {
    const there = own.toSorted((x, y) => (x[0].at?.start ?? 0) - (y[0].at?.start ?? 0));
    return there.some(([, b], i) => i > 0 && (there[i - 1]?.[1].at?.start ?? 0) > (b.at?.start ?? 0));
  });
}

type Roots = ReadonlyMap<string, readonly ReadTensor[]>;

/** Every tensor of one side that is found elsewhere, with where. */
function mapRows(
  side: "original" | "suspect",
  own: readonly ReadTensor[],
  other: readonly ReadTensor[],
  older: readonly Roots[],
): TensorStatistics["map"] {
  const others = Map.groupBy(other, ({ root }) => root ?? "");
  return own.flatMap(({ tensor, root }) => {
    const there = names(others.get(root ?? ""), tensor.name);
    const ancestors = older.flatMap((roots, position) => {
      const tensors = names(roots.get(root ?? ""), tensor.name);
      return tensors.length > 0 ? [{ position, tensors }] : [];
    });
    return there.length + ancestors.length > 0
      ? [{ side, tensor: tensor.name, other: there, ancestors }]
      : [];
  });
}

/** At most four, the namesake first. */
function names(tensors: readonly ReadTensor[] | undefined, own: string): string[] {
  return (tensors ?? [])
    .map(({ tensor }) => tensor.name)
    .sort((a, b) => Number(b === own) - Number(a === own) || byCodeUnit(a, b))
    .slice(0, mostNames);
}

/** Matched tensors with other roots but bytes of one length, of which some leaves are equal at equal places. */
function partlyEqual({ pairs, original, suspect }: FullRead): TensorStatistics["partial"] {
  return pairs
    .flatMap((pair) => {
      const mine = original.tensors.get(pair.original.name);
      const theirs = suspect.tensors.get(pair.suspect.name);
      if (!mine?.leaves || !theirs?.leaves || mine.root === theirs.root) return [];
      if (!isCounted(mine) || !isCounted(theirs)) return [];
      if (mine.leaves.length !== theirs.leaves.length) return [];
      const leaves = mine.leaves.length / 32;
      const equal = Array.from({ length: leaves }, (_, i) => i).filter((i) =>
        sameDigest(mine.leaves as Uint8Array, theirs.leaves as Uint8Array, i),
      ).length;
      return equal === 0 ? [] : [{ original: pair.original.name, suspect: pair.suspect.name, leaves, equal }];
    })
    .sort((a, b) => b.equal - a.equal || byCodeUnit(sorted(a), sorted(b)));
}

function sameDigest(a: Uint8Array, b: Uint8Array, leaf: number): boolean {
  return Buffer.compare(a.subarray(leaf * 32, leaf * 32 + 32), b.subarray(leaf * 32, leaf * 32 + 32)) === 0;
}

function sorted({ original, suspect }: { original: string; suspect: string }): string {
  return [original, suspect].sort().join("\n");
}
