import type { FullFingerprint, FullTensor } from "../../fingerprint/schema";
import type { FingerprintStatistics } from "./schema";

type Roots = NonNullable<FingerprintStatistics["roots"]>;

/**
 * Tensors of one side whose bytes the other side holds too, whatever the files, names and order. Constant tensors say
 * nothing; what a given ancestor holds counts for neither.
 */
export function compareRoots(
  original: FullFingerprint,
  suspect: FullFingerprint,
  ancestors: readonly FullFingerprint[],
): Roots {
  const older = new Set(ancestors.flatMap(({ tensors }) => tensors.map(({ root }) => root)));
  const [mine, theirs] = [informative(original), informative(suspect)];
  const counted = (tensors: readonly FullTensor[]) => tensors.filter(({ root }) => !older.has(root));
  const [a, b] = [counted(mine), counted(theirs)];
  const rootsOf = (tensors: readonly FullTensor[]) => new Set(tensors.map(({ root }) => root));
  const [rootsA, rootsB] = [rootsOf(a), rootsOf(b)];
  const groups = Map.groupBy(a, ({ place }) => place.group);
  return {
    counted: { original: a.length, suspect: b.length },
    shared: {
      original: a.filter(({ root }) => rootsB.has(root)).length,
      suspect: b.filter(({ root }) => rootsA.has(root)).length,
    },
    inAncestors: { original: mine.length - a.length, suspect: theirs.length - b.length },
    byGroup: [...groups]
      .sort(([x], [y]) => (x < y ? -1 : 1))
      .map(([group, tensors]) => ({
        group,
        original: tensors.length,
        shared: tensors.filter(({ root }) => rootsB.has(root)).length,
      })),
  };
}

/** Constant tensors, and those too short to say anything (128 bits of values are 8 elements of 16 bits). */
function informative({ tensors }: FullFingerprint): FullTensor[] {
  return tensors.filter(({ root, sd, rows, cols }) => root !== null && sd > 0 && rows * cols >= 16);
}
