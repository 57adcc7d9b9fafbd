import { byCodeUnit } from "../../formats/metadata-files";
import type { ReleaseReader } from "../../io/source/release";
import { rounded } from "../../statistics/round";
import type { Background } from "./background";
import type { Agreement, Channels } from "./channels";
import type { CodeIndex } from "./code-index";
import { type CodeComparison, compareCode, type MatchedPair, matchedMass } from "./compare-code";
import type { ReleaseCode } from "./load-code";
import { fullWeight, tokenWeights, withoutExplained } from "./rarity";
import { findRuns } from "./runs";
import type { CodeStatistics } from "./schema";
import { contains, explainedTokens, runSet } from "./subtract";
import { strongPair, tinyPair } from "./verdict";
import { placeOf, viewOf } from "./views";

export interface Side {
  readonly code: ReleaseCode;
  readonly reader: ReleaseReader;
}

export interface CodeSides {
  readonly original: Side;
  readonly suspect: Side;
  /** The runs of each ancestor (subtract.ts). */
  readonly ancestors: readonly Uint32Array[];
  readonly controls: readonly ReleaseCode[];
  readonly background: Background;
  readonly leftovers: CodeStatistics["leftovers"];
  /** Compute with the suspect first (index.ts says why). */
  readonly swapped: boolean;
  readonly signal?: AbortSignal;
}

const limits = { matches: 50, views: 8, map: 60, examples: 5 } as const;

export async function compareSides(given: CodeSides): Promise<CodeStatistics> {
  const { original, suspect, ancestors, controls, swapped, signal } = given;
  const [a, b] = swapped ? [suspect, original] : [original, suspect];
  const [indexA, indexB] = [a.code.index, b.code.index];
  const common = commonness(given.background, controls);
  const explainedA = explainedTokens(indexA, ancestors);
  const explainedB = explainedTokens(indexB, ancestors);
  const [weightA, weightB] = [tokenWeights(indexA, common.all), tokenWeights(indexB, common.all)];
  // What ancestors explain changes what a token counts, not where the two agree: one search serves both comparisons.
  const runs = findRuns(indexA, indexB);
  const found = compareCode(
    indexA,
    indexB,
    withoutExplained(weightA, explainedA),
    withoutExplained(weightB, explainedB),
    runs,
  );
  const named = <T>(ofA: T, ofB: T) =>
    swapped ? { original: ofB, suspect: ofA } : { original: ofA, suspect: ofB };
  const views: CodeStatistics["views"] = [];
  for (const pair of found.pairs.filter((match) => strongPair(pair0(match))).slice(0, limits.views)) {
    signal?.throwIfAborted();
    const [sideA, sideB] = [
      { index: indexA, reader: a.reader, explained: explainedA },
      { index: indexB, reader: b.reader, explained: explainedB },
    ];
    const view = await viewOf(pair, sideA, sideB, signal);
    if (view === null) continue;
    views.push({
      ...view,
      ...named(view.original, view.suspect),
      lines: named(view.lines.original, view.lines.suspect),
    });
  }
  const testable = indexA.units.length > 0 && indexB.units.length > 0;
  return {
    sides: {
      original: sideOf(original.code, weightOf(found, swapped ? "b" : "a")),
      suspect: sideOf(suspect.code, weightOf(found, swapped ? "a" : "b")),
    },
    score: testable ? rounded(found.score) : null,
    covered: named(rounded(found.coveredA), rounded(found.coveredB)),
    ...channelStatistics(found.channels),
    pairs: {
      matched: found.pairs.length,
      strong: found.pairs.filter((match) => strongPair(pair0(match))).length,
      tiny: found.pairs.filter((match) => tinyPair(pair0(match))).length,
    },
    matches: found.pairs
      .filter((match) => match.channels.massA + match.channels.massB > 0)
      .slice(0, limits.matches)
      .map((match) => ({
        ...named(placeOf(indexA, match.unitA), placeOf(indexB, match.unitB)),
        score: rounded(match.score),
        covered: named(share(match.channels.massA, match.wholeA), share(match.channels.massB, match.wholeB)),
        tokens: tokensOf(match.channels),
        ...channelStatistics(match.channels),
      })),
    identifierMap: identifierMap(found, indexA, indexB, swapped),
    leftovers: given.leftovers,
    ancestors:
      ancestors.length === 0
        ? null
        : {
            given: ancestors.length,
            explained: named(partOf(explainedA), partOf(explainedB)),
            ofMatched: lost(matchedMass(indexA, indexB, weightA, weightB, runs), found.channels),
          },
    controls: controls.map(({ index }, at) => {
      const without = common.without(at);
      const score = ({ code: { index: side } }: Side) =>
        index.units.length === 0 || side.units.length === 0
          ? null
          : rounded(
              compareCode(side, index, tokenWeights(side, without), tokenWeights(index, without)).score,
            );
      return { original: score(original), suspect: score(suspect) };
    }),
    views,
  };
}

/** What of a match decides whether it is strong, tiny or neither. */
function pair0(match: MatchedPair) {
  return {
    score: match.score,
    tokens: tokensOf(match.channels),
    consistency: part(match.channels.identifiers.compared, match.channels.mapped) ?? 0,
  };
}

/** The background's packages, and controls: what two or more unrelated controls have is common too. */
function commonness(background: Background, controls: readonly ReleaseCode[]) {
  const sets = controls.map(({ index }) => runSet(index));
  const count = (hash: number, except: number) => {
    let found = background.runs(hash);
    for (const [at, set] of sets.entries()) if (at !== except && contains(set, hash)) found += 1;
    return found;
  };
  return {
    all: (hash: number) => count(hash, -1),
    without: (control: number) => (hash: number) => count(hash, control),
  };
}

function channelStatistics(channels: Channels) {
  const agreement = (channel: Agreement) => ({
    compared: Math.floor(channel.compared / (2 * fullWeight)),
    equal: part(channel.compared, channel.equal),
  });
  return {
    identifierConsistency: part(channels.identifiers.compared, channels.mapped),
    identifiers: agreement(channels.identifiers),
    operators: agreement(channels.operators),
    literals: agreement(channels.literals),
  };
}

function part(whole: number, of: number): number | null {
  return whole === 0 ? null : rounded(of / whole);
}

function share(mass: number, whole: number): number {
  return whole === 0 ? 0 : rounded(mass / whole);
}

/** Matched tokens that count, of the side that has fewer, in units of one token that nobody else has. */
function tokensOf({ massA, massB }: Channels): number {
  return Math.floor(Math.min(massA, massB) / fullWeight);
}

function weightOf(found: CodeComparison, side: "a" | "b"): number {
  return Math.floor((side === "a" ? found.totalA : found.totalB) / fullWeight);
}

function sideOf(code: ReleaseCode, counted: number): CodeStatistics["sides"]["original"] {
  const { index, skipped, syntaxErrors, bytes } = code;
  const languageOfFile = new Map(index.units.map(({ file, language }) => [file, language as string]));
  return {
    files: index.files.length,
    functions: index.units.filter(({ name }) => name !== null).length,
    tokens: index.symbols.length,
    counted,
    bytes,
    filesWithSyntaxErrors: syntaxErrors,
    languages: [...Map.groupBy(languageOfFile.values(), (language) => language)]
      .map(([language, files]) => ({ language, files: files.length }))
      .sort((x, y) => byCodeUnit(x.language, y.language)),
    skipped: [...Map.groupBy(skipped, ({ reason }) => reason as string)]
      .map(([reason, files]) => ({
        reason,
        files: files.length,
        examples: files.slice(0, limits.examples).map(({ path }) => path),
      }))
      .sort((x, y) => byCodeUnit(x.reason, y.reason)),
  };
}

function identifierMap(
  found: CodeComparison,
  a: CodeIndex,
  b: CodeIndex,
  swapped: boolean,
): CodeStatistics["identifierMap"] {
  return found.map
    .map(({ a: textA, b: textB, weight }) => {
      const [nameA, nameB] = [a.texts[textA] ?? "", b.texts[textB] ?? ""];
      const tokens = Math.floor(weight / (2 * fullWeight));
      return swapped
        ? { original: nameB, suspect: nameA, tokens }
        : { original: nameA, suspect: nameB, tokens };
    })
    .filter(({ original, suspect, tokens }) => original !== suspect && tokens >= 2)
    .slice(0, limits.map);
}

/** Part of the tokens that ancestors explain. */
function partOf(explained: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < explained.length; at++) count += explained[at] as number;
  return share(count, explained.length);
}

/** Part of what matched before that ancestors explain. */
function lost(before: number, { massA, massB }: Channels): number {
  return before === 0 ? 0 : rounded(Math.max(0, before - massA - massB) / before);
}
