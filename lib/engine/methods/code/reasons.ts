import { reason } from "../facts";
import type { Reason } from "../method";
import type { CodeStatistics } from "./schema";
import { type CodeVerdict, thresholds } from "./verdict";

const shown = { matches: 6, names: 12, leftovers: 6 } as const;

/** What is worth saying, in the order of reading. */
export function codeReasons(statistics: CodeStatistics, says: CodeVerdict): Reason[] {
  const { sides, covered, pairs, ancestors, controls, score } = statistics;
  const reasons: Reason[] = [];
  for (const side of ["original", "suspect"] as const) {
    const { files, functions, skipped } = sides[side];
    if (files === 0) reasons.push(reason("no-source-code", { side }));
    else reasons.push(reason("source-code", { side, files, functions }));
    for (const { reason: why, files: count, examples } of skipped) {
      reasons.push(reason("files-left-out", { side, why, files: count, examples }));
    }
  }
  if (says === "not-testable") return reasons;
  if (says === "cannot-tell") {
    const { original, suspect } = sides;
    reasons.push(
      reason("too-little-code", {
        original: original.counted,
        suspect: suspect.counted,
        enough: thresholds.enough,
      }),
    );
  }
  reasons.push(
    reason("code-covered", {
      original: covered.original,
      suspect: covered.suspect,
      pairs: pairs.matched,
      strong: pairs.strong,
    }),
  );
  if (pairs.tiny > 0) reasons.push(reason("tiny-functions", { pairs: pairs.tiny, tiny: thresholds.tiny }));
  for (const match of statistics.matches.filter(isShown).slice(0, shown.matches)) {
    reasons.push(
      reason("function-match", {
        original: placeText(match.original),
        suspect: placeText(match.suspect),
        coveredOriginal: match.covered.original,
        coveredSuspect: match.covered.suspect,
        consistency: match.identifierConsistency,
      }),
    );
  }
  if (pairs.strong > 0) reasons.push(...channelReasons(statistics));
  for (const side of ["original", "suspect"] as const) {
    for (const { name, path, line, where, uses } of statistics.leftovers[side].slice(0, shown.leftovers)) {
      reasons.push(reason("leftover-identifier", { side, name, path, line, where, uses }));
    }
  }
  if (ancestors === null) reasons.push(reason("no-ancestor-given"));
  else {
    reasons.push(
      reason("ancestors-subtracted", {
        given: ancestors.given,
        original: ancestors.explained.original,
        suspect: ancestors.explained.suspect,
        ofMatched: ancestors.ofMatched,
      }),
    );
  }
  if (controls.length > 0 && score !== null) {
    const scores = controls.flatMap(({ original, suspect }) => [original, suspect]).filter((s) => s !== null);
    reasons.push(
      reason("controls-compared", { score, controls: controls.length, highest: Math.max(0, ...scores) }),
    );
  }
  return reasons;
}

function channelReasons(statistics: CodeStatistics): Reason[] {
  const { identifierConsistency, identifiers, operators, literals, identifierMap } = statistics;
  const reasons = [
    reason("channels", {
      identifiers: identifiers.compared,
      consistency: identifierConsistency,
      equalNames: identifiers.equal,
      operators: operators.equal,
      literals: literals.equal,
    }),
  ];
  if (identifierMap.length > 0) {
    const names = identifierMap
      .slice(0, shown.names)
      .map(({ original, suspect }) => `${original} → ${suspect}`);
    reasons.push(reason("names-mapped", { names, count: identifierMap.length }));
  }
  return reasons;
}

function isShown({ score, tokens }: CodeStatistics["matches"][number]): boolean {
  return score >= thresholds.strong.score && tokens >= thresholds.strong.tokens;
}

function placeText({
  path,
  function: name,
  startLine,
}: CodeStatistics["matches"][number]["original"]): string {
  return name === null ? `${path}:${startLine}` : `${path}:${startLine} ${name}`;
}
