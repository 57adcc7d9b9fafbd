import { reason } from "../facts";
import type { Reason } from "../method";
import type { FingerprintStatistics } from "./schema";
import { ancestorsTakenOff, rowsFound } from "./verdict";

/** What was found, then how far it may be relied on. */
export function reasonsOf(statistics: FingerprintStatistics, log10P: number | null): Reason[] {
  return [...found(statistics, log10P), ...limits(statistics)];
}

function found(statistics: FingerprintStatistics, log10P: number | null): Reason[] {
  const { roots, sketches, rows, rowSearch, simhash, tokenizerJaccard, structure, embeddings } = statistics;
  const reasons: Reason[] = [];
  if (roots) {
    reasons.push(
      reason("tensors-by-root", {
        shared: roots.shared.original,
        original: roots.counted.original,
        suspect: roots.counted.suspect,
        inAncestors: roots.inAncestors.original,
      }),
    );
  }
  if (sketches && sketches.medianCosine !== null) {
    reasons.push(
      reason("sketch-cosine", {
        tensors: sketches.pairs.length + sketches.more,
        median: sketches.medianCosine,
      }),
    );
  }
  if (sketches && sketches.medianRho !== null) {
    const { eligible, medianRho: rho, medianAlpha: alpha } = sketches;
    reasons.push(reason("beyond-ancestors", { tensors: eligible, rho, alpha }));
  } else if (sketches && ancestorsTakenOff(statistics)) reasons.push(reason("too-close-to-ancestors"));
  if (rows?.pooled && log10P !== null) {
    const { matched, of, expected } = rows.pooled;
    reasons.push(reason("rows-matched", { matched, of, expected, log10P, layers: rows.pooled.groups }));
  } else if (rows) reasons.push(reason("too-few-rows"));
  if (rowSearch) {
    const controls = rowSearch.controls.filter((control) => control !== null);
    const facts = {
      found: rowSearch.found,
      references: rowSearch.references,
      candidates: rowSearch.candidates,
    };
    const most = Math.max(0, ...controls.map((control) => control.found));
    if (controls.length < 2) reasons.push(reason("rows-searched-without-controls", facts));
    else if (rowsFound(statistics))
      reasons.push(reason("rows-found-elsewhere", { ...facts, controls: controls.length, most }));
    else reasons.push(reason("rows-searched", { ...facts, controls: controls.length, most }));
  }
  if (simhash) reasons.push(reason("simhash-distance", { ...simhash }));
  if (embeddings) reasons.push(reason("embedding-cosine", { value: embeddings.cosine.value }));
  if (tokenizerJaccard !== null) reasons.push(reason("tokenizer-estimate", { jaccard: tokenizerJaccard }));
  reasons.push(structure === "same" ? reason("structure-same") : reason("structure-different"));
  return reasons;
}

function limits(statistics: FingerprintStatistics): Reason[] {
  const { sides, ancestors } = statistics;
  const reasons: Reason[] = [];
  for (const side of ["original", "suspect"] as const) {
    const { kind, signedBy } = sides[side];
    if (kind === "full" || kind === "light") reasons.push(reason("claimed-fingerprint", { side, signedBy }));
    if (kind === "light") reasons.push(reason("light-fingerprint", { side }));
  }
  if (ancestors.some(({ kind }) => kind === "full" || kind === "light"))
    reasons.push(reason("claimed-ancestor"));
  if (ancestors.length === 0) reasons.push(reason("no-ancestor-given"));
  else if (!ancestorsTakenOff(statistics)) reasons.push(reason("ancestors-not-subtracted"));
  return reasons;
}
