import { type Channels, channelsOf, equalTexts, share, together } from "./channels";
import type { CodeIndex } from "./code-index";
import { type MappedName, mappedWeight, oneToOne, type TextPairs } from "./name-map";
import { prefixSums, span } from "./prefix-sums";
import { fullWeight } from "./rarity";
import type { Runs } from "./runs";
import { smallResemblance } from "./small-programs";
import { solidMass } from "./solid-mass";
import { tile, type UnitMatch } from "./tiles";

export interface MatchedPair extends UnitMatch {
  readonly channels: Channels;
  /** Counted weight of the whole units. */
  readonly wholeA: number;
  readonly wholeB: number;
  readonly score: number;
}

export interface CodeComparison {
  /** Best first. */
  readonly pairs: readonly MatchedPair[];
  /** Channels over all matched tokens. */
  readonly channels: Channels;
  /** The one map between the names of both sides that explains most; what weighs most comes first. */
  readonly map: readonly MappedName[];
  readonly totalA: number;
  readonly totalB: number;
  readonly coveredA: number;
  readonly coveredB: number;
  /** What ranks pairs of releases: see `rankOf`. */
  readonly score: number;
}

/** Matches two releases function by function. The weights say what each token counts, `runs` what the two have in common if known. */
export function compareCode(
  a: CodeIndex,
  b: CodeIndex,
  weightA: Uint16Array,
  weightB: Uint16Array,
  runs?: Runs,
): CodeComparison {
  const [sumsA, sumsB] = [prefixSums(weightA), prefixSums(weightB)];
  const sameText = equalTexts(a, b);
  const names: TextPairs = new Map();
  const pairs = tile(a, b, weightA, weightB, runs).map((match): MatchedPair => {
    const channels = channelsOf(match.tiles, a, b, weightA, weightB, sameText, names);
    const [unitA, unitB] = [a.units[match.unitA], b.units[match.unitB]];
    const wholeA = unitA ? span(sumsA, unitA.from, unitA.to - unitA.from) : 0;
    const wholeB = unitB ? span(sumsB, unitB.from, unitB.to - unitB.from) : 0;
    return { ...match, channels, wholeA, wholeB, score: scoreOf(channels, wholeA, wholeB) };
  });
  const map = oneToOne(names, b.texts.length);
  const channels = together(pairs, mappedWeight(map));
  const [totalA, totalB] = [sumsA.at(-1) ?? 0, sumsB.at(-1) ?? 0];
  return {
    pairs: pairs.sort(
      (x, y) => mass(y) * y.score - mass(x) * x.score || x.unitA - y.unitA || x.unitB - y.unitB,
    ),
    channels,
    map,
    totalA,
    totalB,
    coveredA: part(channels.massA, totalA),
    coveredB: part(channels.massB, totalB),
    score: rankOf(
      pairs,
      scoreOf({ ...channels, ...solidWhole(pairs, weightA, weightB) }, totalA, totalB),
      Math.min(counted(weightA), counted(weightB)),
      () => smallResemblance(a, b),
    ),
  };
}

/** Weight that the two sides match, both together: the channels of `compareCode` without what they say beside. */
export function matchedMass(
  a: CodeIndex,
  b: CodeIndex,
  weightA: Uint16Array,
  weightB: Uint16Array,
  runs: Runs,
): number {
  let mass = 0;
  for (const { tiles } of tile(a, b, weightA, weightB, runs)) {
    for (const piece of tiles) {
      for (let i = 0; i < piece.length; i++) {
        const [wa, wb] = [weightA[piece.a + i] as number, weightB[piece.b + i] as number];
        if (wa !== 0 && wb !== 0) mass += wa + wb;
      }
    }
  }
  return mass;
}

function solidWhole(pairs: readonly MatchedPair[], weightA: Uint16Array, weightB: Uint16Array) {
  const whole = { massA: 0, massB: 0 };
  for (const { tiles } of pairs) {
    const { massA, massB } = solidMass(tiles, weightA, weightB);
    whole.massA += massA;
    whole.massB += massB;
  }
  return whole;
}

function counted(weights: Uint16Array): number {
  let count = 0;
  for (let at = 0; at < weights.length; at++) if (weights[at] !== 0) count += 1;
  return count;
}

/** Tokens that count at all from which on structure can tell, and tells alone; matched tokens of a whole function. */
export const sizes = { small: 150, enough: 200, function: 100 } as const;

/**
 * 0 … 1: two thirds the score of the whole, fragments counting less (solid-mass.ts), one third that of the best pair of functions (in full from 100 matched
 * tokens on). Below 150 tokens on a side structure cannot tell and `small` ranks instead; up to 200 in part.
 */
function rankOf(pairs: readonly MatchedPair[], whole: number, tokens: number, small: () => number): number {
  let best = 0;
  for (const { score, channels } of pairs) {
    const matched = Math.min(channels.massA, channels.massB) / fullWeight;
    best = Math.max(best, score * Math.min(1, matched / sizes.function));
  }
  const structure = (2 * whole + best) / 3;
  const trust = (tokens - sizes.small) / (sizes.enough - sizes.small);
  if (trust >= 1) return structure;
  const part = Math.max(0, trust);
  return part * structure + (1 - part) * small();
}

function mass({ channels }: MatchedPair): number {
  return channels.massA + channels.massB;
}

/**
 * 0 … 1: the larger of the two covered shares (a part taken from a large program covers little of it), times the
 * share of identifiers that a one-to-one map explains, times the share of equal operators. Literals and equal names
 * stand beside it and are not in it: both are the first things that an edit changes.
 */
export function scoreOf(channels: Channels, wholeA: number, wholeB: number): number {
  const covered = Math.max(part(channels.massA, wholeA), part(channels.massB, wholeB));
  const { identifiers, mapped, operators } = channels;
  return covered * share({ compared: identifiers.compared, equal: mapped }) * share(operators);
}

function part(mass: number, whole: number): number {
  return whole === 0 ? 0 : mass / whole;
}
