import { bootstrapInterval, type Interval, median, ratioOf } from "../../statistics/bootstrap";
import {
  type Beyond,
  beyondAncestors,
  type Direction,
  direction,
  eligibleLeast,
  nearestAncestor,
  rhoRule,
} from "./beyond-ancestors";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";

export type Draws = (n: number) => readonly Uint32Array[];

/** Everything that the known ancestors allow to say about a run. */
export interface Ancestry {
  readonly given: number;
  readonly nearest: number;
  readonly beyond: readonly Beyond[];
  readonly originalToSuspect: Direction;
  readonly suspectToOriginal: Direction;
  /** The deciding direction: the same whichever side is named first. */
  readonly deciding: Direction;
  readonly decidingFrom: "original" | "suspect";
  readonly decidable: boolean;
  readonly panelR2: number | null;
}

/** Null without an ancestor that holds any of the matrices. Tensors common to many families never take part. */
export function ancestryOf(
  facts: readonly TensorFacts[],
  given: number,
  draws: Draws,
  panelR2: (nearest: number) => number | null,
): Ancestry | null {
  const usable = facts.filter(
    ({ matrix, counted: { why } }) => matrix && (why === null || why === "common-ancestor"),
  );
  const nearest = nearestAncestor(usable);
  if (nearest === -1) return null;
  const beyond = usable.map((fact) => beyondAncestors(fact, nearest)).filter((found) => found !== null);
  return { given, nearest, beyond, ...directions(beyond, draws, panelR2(nearest)) };
}

export function directions(beyond: readonly Beyond[], draws: Draws, panelR2: number | null) {
  const originalToSuspect = direction(beyond, "original", draws, panelR2);
  const suspectToOriginal = direction(beyond, "suspect", draws, panelR2);
  const forward = decides(originalToSuspect, suspectToOriginal);
  return {
    originalToSuspect,
    suspectToOriginal,
    deciding: forward ? originalToSuspect : suspectToOriginal,
    decidingFrom: forward ? ("original" as const) : ("suspect" as const),
    decidable: Math.max(originalToSuspect.eligible, suspectToOriginal.eligible) >= eligibleLeast,
    panelR2,
  };
}

/** More matrices under the rule, then the α nearer to 1: the direction in which one side carries the other whole. */
function decides(a: Direction, b: Direction): boolean {
  if (a.eligible >= eligibleLeast !== b.eligible >= eligibleLeast) return a.eligible >= eligibleLeast;
  const [x, y] = [a.ruleShare ?? -1, b.ruleShare ?? -1];
  if (x !== y) return x > y;
  const away = ({ alpha }: Direction) =>
    alpha === null ? Number.POSITIVE_INFINITY : Math.abs(alpha.value - 1);
  return away(a) <= away(b);
}

/** All of the resemblance lies in what the ancestors hold: neither direction leaves a quarter of a difference. */
export function isExplained({ originalToSuspect, suspectToOriginal }: Ancestry): boolean {
  return [originalToSuspect, suspectToOriginal].every(
    ({ eligible, alpha, rho }) =>
      eligible === 0 || ((alpha?.high ?? 0) < explainedBelow && (rho?.high ?? 0) < explainedBelow),
  );
}

const explainedBelow = 0.25;

/** Some direction carries a difference over, with an interval that leaves out a quarter. */
export function carriesOver({ originalToSuspect, suspectToOriginal }: Ancestry): boolean {
  return [originalToSuspect, suspectToOriginal].some(
    ({ eligible, alpha }) => eligible >= eligibleLeast && (alpha?.low ?? 0) > explainedBelow,
  );
}

export function closestOf(
  { beyond, deciding, decidable }: Ancestry,
  copyLike: boolean,
  draws: Draws,
): AlignedStatistics["closest"] {
  const column = (key: "pair" | "original" | "suspect") => beyond.map(({ distances }) => distances[key]);
  const [pair, original, suspect] = [column("pair"), column("original"), column("suspect")];
  const over = (side: number[]) =>
    bootstrapInterval(beyond.length, draws(beyond.length), ratioOf(pair, side));
  const [overOriginal, overSuspect] = [over(original), over(suspect)];
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const to = (): "original" | "ancestor" | "neither" | "unknown" => {
    if (beyond.length === 0 || sum(original) + sum(suspect) === 0) return "unknown";
    if (sum(pair) === 0) return "original";
    if (overOriginal === null || overSuspect === null) return "ancestor";
    const [longer, shorter]: [Interval, Interval] =
      overOriginal.value <= overSuspect.value ? [overOriginal, overSuspect] : [overSuspect, overOriginal];
    if (longer.low > 1) return "ancestor";
    if (longer.high >= 1) return "unknown";
    const alike = decidable && (deciding.rho?.low ?? 0) >= rhoRule;
    return shorter.high < 1 || alike || copyLike ? "original" : "neither";
  };
  return { to: to(), overOriginal, overSuspect };
}

export interface Merge {
  readonly kind: "weighted" | "by-layer";
  /** Share of the other side's difference, with its interval; null by layers. */
  readonly alpha: Interval | null;
}

/**
 * Is one side a mixture of the other with donors? By layers: nearly all layers either carry the other's difference or
 * do not. Weighted: one share, below 1, in all matrices (deviation of the middle matrix within a thirtieth), where the
 * ancestors explain the rest. With an unknown donor a merge of two is the same geometry as further training of the
 * merged one, and is not told from it.
 */
export function mergeOf(ancestry: Ancestry, byLayer: readonly (number | null)[]): Merge | null {
  const known = byLayer.filter((alpha) => alpha !== null);
  const [taken, left] = [known.filter((a) => a > 0.8), known.filter((a) => a < 0.2)];
  const part = Math.max(2, 0.15 * known.length);
  if (taken.length >= part && left.length >= part && taken.length + left.length >= 0.8 * known.length)
    return { kind: "by-layer", alpha: null };
  for (const from of ["original", "suspect"] as const) {
    const found = from === "original" ? ancestry.originalToSuspect : ancestry.suspectToOriginal;
    const used = ancestry.beyond.filter((b) => b.moved[from]);
    if (used.length < eligibleLeast || found.rho === null) continue;
    const alphas = used.map((b) => b.joint[from].alpha);
    const middle = median(alphas);
    const spread = median(alphas.map((alpha) => Math.abs(alpha - middle)));
    if (!(middle >= 0.1 && middle <= 0.95 && spread <= middle / 30)) continue;
    const explained = median(used.map((b) => b.joint[from].explained));
    const donors = used.some((b) => b.joint[from].donors.some((donor) => donor !== null && donor > 0.05));
    if (explained >= (donors ? 0.9 : 0.98)) return { kind: "weighted", alpha: found.alpha };
  }
  return null;
}
