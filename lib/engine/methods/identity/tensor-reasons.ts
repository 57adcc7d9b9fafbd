import { reason } from "../facts";
import type { Reason } from "../method";
import type { TensorStatistics } from "./schema";

export function tensorReasons(tensors: TensorStatistics | null): Reason[] {
  if (tensors === null) return [];
  const { counted, identical, inAncestor, incomplete, renamed, partial } = tensors;
  const reasons: Reason[] = [];
  for (const side of ["original", "suspect"] as const) {
    if (incomplete[side]) reasons.push(reason("tensors-not-all-read", { side }));
  }
  const complete = !incomplete.original && !incomplete.suspect;
  const all = identical > 0 && identical === counted.original && identical === counted.suspect;
  if (all && complete) {
    reasons.push(
      reason("all-tensors-identical", { tensors: identical, inAncestor: inAncestor.pairs === identical }),
    );
  } else if (identical > inAncestor.pairs) {
    reasons.push(
      reason("some-tensors-identical", { tensors: identical, counted, inAncestor: inAncestor.pairs }),
    );
  } else if (identical > 0) {
    reasons.push(reason("identical-tensors-in-ancestor", { tensors: identical, counted }));
  }
  if (identical > 0) {
    if (renamed > 0) reasons.push(reason("identical-tensors-renamed", { tensors: renamed }));
    if (tensors.resharded) reasons.push(reason("identical-tensors-resharded"));
    if (tensors.reordered) reasons.push(reason("identical-tensors-reordered"));
  }
  reasons.push(...mergedFrom(tensors));
  if (partial.length > 0) {
    reasons.push(
      reason("tensors-partly-identical", {
        tensors: partial.length + tensors.partialNotListed,
        leaves: partial.reduce((sum, { leaves }) => sum + leaves, 0),
        equal: partial.reduce((sum, { equal }) => sum + equal, 0),
      }),
    );
  }
  return reasons;
}

/** A side put together from several: some of its tensors only from the other side, some only from an ancestor. */
function mergedFrom({ map, mapNotListed, counted }: TensorStatistics): Reason[] {
  if (mapNotListed > 0) return [];
  return (["original", "suspect"] as const).flatMap((side) => {
    const own = map.filter((row) => row.side === side);
    const other = own.filter((row) => row.other.length > 0 && row.ancestors.length === 0).length;
    const positions = [...new Set(own.flatMap((row) => row.ancestors.map(({ position }) => position)))];
    const ancestors = positions
      .sort((a, b) => a - b)
      .map((position) => ({
        position,
        tensors: own.filter(
          (row) => row.other.length === 0 && row.ancestors.some((found) => found.position === position),
        ).length,
      }))
      .filter(({ tensors }) => tensors > 0);
    const older = own.filter((row) => row.other.length === 0).length;
    if (other === 0 || older === 0) return [];
    return [
      reason("tensors-from-several", { side, other, ancestors, tensors: counted[side], ofAncestors: older }),
    ];
  });
}
