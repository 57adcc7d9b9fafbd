import type { CodeStatistics } from "./schema";

/** What decides about one pair of functions. */
export interface PairStrength {
  readonly score: number;
  /** Matched tokens that count (rarity.ts), of the side that has fewer. */
  readonly tokens: number;
  readonly consistency: number;
}

/**
 * Fixed beforehand and part of version 1. A function of fewer counted tokens than `tiny` is written alike by anybody:
 * nobody can tell. `strong` was set so that no pair of unrelated packages reaches it (docs/METHODS.md, code).
 */
export const thresholds = {
  tiny: 40,
  strong: { score: 0.5, tokens: 60, consistency: 0.7 },
  /** Fewer counted tokens on a side than this, and nothing can be said about the two programs. */
  enough: 120,
  sameProgram: { score: 0.5, covered: 0.65 },
  /** Many small functions, none of them strong, that all correspond under one map. */
  together: { score: 0.6, covered: 0.65, tokens: 300, consistency: 0.9 },
} as const;

export function tinyPair({ tokens }: PairStrength): boolean {
  return tokens < thresholds.tiny;
}

export function strongPair({ score, tokens, consistency }: PairStrength): boolean {
  const { strong } = thresholds;
  return score >= strong.score && tokens >= strong.tokens && consistency >= strong.consistency;
}

export type CodeVerdict = "same-program" | "parts-shared" | "nothing-shared" | "cannot-tell" | "not-testable";

export function verdict(statistics: CodeStatistics): CodeVerdict {
  const { score, sides, covered, pairs } = statistics;
  if (score === null) return "not-testable";
  if (Math.min(sides.original.counted, sides.suspect.counted) < thresholds.enough) return "cannot-tell";
  const { sameProgram, together } = thresholds;
  const both = Math.min(covered.original, covered.suspect);
  if (pairs.strong > 0 && score >= sameProgram.score && both >= sameProgram.covered) return "same-program";
  if (pairs.strong > 0) return "parts-shared";
  const matched = Math.min(
    covered.original * sides.original.counted,
    covered.suspect * sides.suspect.counted,
  );
  const consistent = (statistics.identifierConsistency ?? 0) >= together.consistency;
  if (score >= together.score && both >= together.covered && matched >= together.tokens && consistent) {
    return "same-program";
  }
  return "nothing-shared";
}
