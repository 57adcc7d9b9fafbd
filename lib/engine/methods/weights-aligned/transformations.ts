import type { Transformation } from "../../result/document";
import type { CountedRuns } from "../../weights/counted";
import { gridOf } from "../../weights/number-grid";
import { isPatchwork } from "./patchwork";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";
import type { AlignedSays } from "./verdict";

type Found = Pick<AlignedStatistics, "lowRank" | "merge" | "layerMaps">;

/** What was done between the two, as far as values at equal positions tell; symmetric in the sides. */
export function transformationsOf(
  { runs }: CountedRuns,
  counted: readonly TensorFacts[],
  says: AlignedSays,
  { lowRank, merge, layerMaps }: Found,
): Transformation[] {
  if (says === "unrelated" || says === "not-testable") return [];
  // What the ancestors explain was not done between the two.
  const matrices =
    says === "ancestor-explains" ? [] : counted.filter(({ matrix, change }) => matrix && change !== "none");
  const differing = matrices.filter(({ change }) => change !== "equal" && change !== "recast");
  const share = (change: TensorFacts["change"], of: readonly TensorFacts[]) =>
    of.length === 0 ? 0 : of.filter((fact) => fact.change === change).length / of.length;
  const found = new Set<Transformation>();
  const recast = matrices.filter(
    ({ counted: { pair } }) =>
      pair.original.dtype !== pair.suspect.dtype && gridOf(pair.original.dtype) && gridOf(pair.suspect.dtype),
  );
  if (matrices.length > 0 && recast.length >= 0.5 * matrices.length) found.add("recast");
  if (share("recast", matrices) >= 0.5) found.add("recast");
  if (share("noise", differing) >= 0.5) found.add("noise");
  if (share("quantised", differing) >= 0.3) found.add("quantised");
  if (share("pruned", differing) >= 0.3 || zeroed(matrices) >= 0.5) found.add("pruned");
  const rescaled = differing.filter(({ change }) => change === "rescaled").length;
  if (rescaled >= 2 && rescaled >= 0.1 * matrices.length) found.add("rescaled");
  if (merge) found.add("merged");
  // Rows that were renumbered or replaced beside equal ones are no trace of training.
  const trained = differing.filter(({ change, counted: at }) => change === "trained" && !isPatchwork(at));
  if (says === "trained-difference" && differing.length > 0 && trained.length >= 0.3 * differing.length) {
    if (lowRank && lowRank.low >= 0.75 * lowRank.blocks) found.add("low-rank");
    else if (!merge) found.add("fine-tuned");
  }
  if (layerMaps.some((map) => isPart(map) && lostLayers(map) > 0)) found.add("layers-dropped");
  if (layerMaps.some(({ repeated }) => repeated.original.length + repeated.suspect.length > 0))
    found.add("layers-repeated");
  if (runs.resized.some(isVocabulary)) found.add("vocabulary-changed");
  return order.filter((code) => found.has(code));
}

const order: readonly Transformation[] = [
  "recast",
  "noise",
  "quantised",
  "pruned",
  "fine-tuned",
  "low-rank",
  "merged",
  "layers-dropped",
  "layers-repeated",
  "vocabulary-changed",
  "rescaled",
];

/** Share of the matrices with a fifth or more of their values zeroed on one side only, whatever else was changed. */
function zeroed(matrices: readonly TensorFacts[]): number {
  const many = matrices.filter(({ zeroed: { original, suspect } }) => Math.max(original, suspect) >= 0.2);
  return matrices.length === 0 ? 0 : many.length / matrices.length;
}

type MapFacts = AlignedStatistics["layerMaps"][number];

function lostLayers({ without }: MapFacts): number {
  return without.original.length + without.suspect.length;
}

/** At least half of the smaller stack has its counterpart. */
function isPart({ layers, pairs }: MapFacts): boolean {
  return pairs.length >= 0.5 * Math.min(layers.original, layers.suspect);
}

function isVocabulary({ original, suspect }: CountedRuns["runs"]["resized"][number]): boolean {
  const role = [original.place.role, suspect.place.role];
  return original.rows !== suspect.rows && role.some((name) => name === "embedding" || name === "head");
}
