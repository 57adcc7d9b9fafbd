import type { FingerprintStatistics } from "./schema";

/** Unrelated matrices have a sketch cosine of 0 ± 0.03: more than six of these. */
const resembling = 0.2;
/** Beyond ancestors: siblings trained on the same data reach .37, a copy .9 and more. */
const beyondAncestors = 0.5;
/** Mutually best rows of 256 that unrelated models do not reach; beside that, ten times what any control shows. */
const fewestFound = 16;

/**
 * One closed code. None of them is proof: a fingerprint that somebody brings can be made from public weights. "matches"
 * is what its owner is told about; a light fingerprint never gives more than a candidate.
 */
export function saysOf(statistics: FingerprintStatistics, rowsMatch: boolean): string {
  const { roots, sketches, simhash } = statistics;
  if (roots && roots.counted.original > 0 && roots.counted.suspect > 0) {
    const all =
      roots.shared.original === roots.counted.original && roots.shared.suspect === roots.counted.suspect;
    if (all) return "same-tensors";
    if (roots.shared.original > 0) return "matches";
  }
  const close = rowsMatch || rowsFound(statistics) || (sketches?.medianCosine ?? 0) >= resembling;
  if (close && ancestorsTakenOff(statistics)) {
    return (sketches?.medianRho ?? 0) >= beyondAncestors ? "matches" : "shared-ancestry";
  }
  if (close) return "matches";
  return simhash?.candidate ? "candidate" : "nothing-found";
}

/** Whether the sketches of an ancestor could be taken off those of both sides. */
export function ancestorsTakenOff({ sketches, ancestors }: FingerprintStatistics): boolean {
  return sketches !== null && ancestors.some(({ kind, computed }) => kind === "full" || computed);
}

/** Calibrated: at least two controls that show next to nothing. */
export function rowsFound({ rowSearch }: FingerprintStatistics): boolean {
  if (rowSearch === null) return false;
  const controls = rowSearch.controls.filter((control) => control !== null);
  const most = Math.max(0, ...controls.map(({ found }) => found));
  return controls.length >= 2 && rowSearch.found >= Math.max(fewestFound, 10 * most);
}
