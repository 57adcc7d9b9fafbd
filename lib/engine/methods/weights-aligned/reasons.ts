import { reason } from "../facts";
import type { Json, Reason } from "../method";
import type { Aligned } from "./statistics";

/** Coded reasons in the order in which a reader needs them. Null: a side has no weights that can be read. */
export function alignedReasons(
  found: Aligned | null,
  ancestors: { readonly given: number; readonly unread: number },
): Reason[] {
  if (found === null) return [reason("no-weights-read")];
  const { says, statistics } = found;
  const { tensors, changes, ancestry, noise, closest } = statistics;
  const reasons: Reason[] = [];
  if (tensors.sampled === 0) return [reason("no-tensor-in-common", { unpaired: tensors.unpaired })];
  reasons.push(
    reason("tensors-sampled", {
      sampled: tensors.sampled,
      counted: tensors.counted,
      matrices: tensors.matrices,
      elements: statistics.elements,
    }),
  );
  const leftOut: Record<string, number> = {};
  for (const group of statistics.groups)
    for (const [why, n] of Object.entries(group.leftOut)) leftOut[why] = (leftOut[why] ?? 0) + (n ?? 0);
  for (const [why, n] of Object.entries(leftOut).sort(([a], [b]) => (a < b ? -1 : 1)))
    reasons.push(reason(`left-out-${why}`, { tensors: n }));
  if (tensors.unreadable > 0) reasons.push(reason("tensors-unreadable", { tensors: tensors.unreadable }));
  if (tensors.codes > 0) reasons.push(reason("tensors-are-codes", { tensors: tensors.codes }));
  if (tensors.expertsLeftOut > 0)
    reasons.push(reason("experts-left-out", { tensors: tensors.expertsLeftOut }));
  if (tensors.matrices > 0) {
    reasons.push(
      reason("values-compared", {
        equal: statistics.equal as Json,
        cosine: statistics.cosine as Json,
        matrices: tensors.matrices,
      }),
    );
    for (const [change, n] of Object.entries(changes))
      if (n > 0) reasons.push(reason(`change-${change}`, { tensors: n, of: tensors.matrices }));
  }
  if (noise && statistics.noiseSigma !== null)
    reasons.push(
      reason(`noise-${noise.law}`, {
        white: noise.white,
        sigma: noise.sigma as never,
        value: noise.value as never,
        variation: noise.variation as never,
      }),
    );
  if (statistics.lowRank && statistics.lowRank.low > 0)
    reasons.push(reason("difference-of-low-rank", { ...statistics.lowRank }));
  if (statistics.merge)
    reasons.push(reason(`merged-${statistics.merge.kind}`, { alpha: statistics.merge.alpha as never }));
  for (const map of statistics.layerMaps)
    if (map.moved || map.layers.original !== map.layers.suspect)
      reasons.push(
        reason("layers-mapped", {
          layers: map.layers,
          pairs: map.pairs.length,
          without: map.without as never,
          repeated: map.repeated as never,
        }),
      );
  if (ancestors.unread > 0) reasons.push(reason("ancestors-not-read", ancestors));
  if (ancestors.given === 0) reasons.push(reason("no-ancestor-given"));
  else if (ancestry === null) reasons.push(reason("no-ancestor-comparable", { given: ancestors.given }));
  else {
    const { symmetric } = ancestry;
    if (!symmetric.decidable) reasons.push(reason("too-few-eligible", { eligible: symmetric.eligible }));
    else {
      reasons.push(
        reason("beyond-ancestors", {
          given: ancestry.given,
          eligible: symmetric.eligible,
          alpha: symmetric.alpha as never,
          rho: symmetric.rho as never,
          partialR2: symmetric.partialR2 as never,
          ruleShare: symmetric.ruleShare,
        }),
      );
      if ((symmetric.lengthShare ?? 0) > (symmetric.ruleShare ?? 0))
        reasons.push(reason("alpha-alone", { share: symmetric.lengthShare, panel: ancestry.panelR2 }));
    }
  }
  if (closest)
    reasons.push(
      reason(`closest-${closest.to}`, {
        overOriginal: closest.overOriginal as never,
        overSuspect: closest.overSuspect as never,
      }),
    );
  for (const control of statistics.panel) reasons.push(reason("control-compared", control as never));
  reasons.push(reason(`says-${says}`));
  return reasons;
}
