import { reason } from "../facts";
import type { Reason } from "../method";
import type { ArchitectureStatistics, ConfigStatistics } from "./schema";

export function architectureReasons(statistics: ArchitectureStatistics, ancestorsGiven: number): Reason[] {
  return [
    ...tensorReasons(statistics),
    ...totalReasons(statistics),
    ...configReasons(statistics.config, ancestorsGiven),
    ...statistics.leftoverNames.map((leftover) => reason("leftover-name", leftover)),
  ];
}

function tensorReasons(statistics: ArchitectureStatistics): Reason[] {
  const { tensors, paired, unchanged, renames, unpairedCount, shapes, shapesKnown, shards } = statistics;
  const missing = (["original", "suspect"] as const).filter((side) => tensors[side] === null);
  if (missing.length > 0) return missing.map((side) => reason("no-tensor-names", { side }));
  const reasons: Reason[] = [];
  const complete = unpairedCount.original + unpairedCount.suspect === 0;
  reasons.push(
    reason(complete ? "names-correspond" : "names-correspond-partly", {
      ...tensors,
      paired,
      unpaired: unpairedCount,
    }),
  );
  for (const { original, suspect, kind, tensors: count } of renames) {
    reasons.push(reason("renamed", { original, suspect, kind, tensors: count }));
  }
  const kept = unchanged.reduce((sum, { tensors: count }) => sum + count, 0);
  if (kept > 0) reasons.push(reason("unchanged-names", { tensors: kept, prefixes: unchanged.slice(0, 16) }));
  if (statistics.matrixShapeJaccard === 0 && paired === 0) reasons.push(reason("no-shape-in-common"));
  if (!shapesKnown.original || !shapesKnown.suspect)
    reasons.push(reason("shapes-unknown", { ...shapesKnown }));
  else reasons.push(reason("shapes-compared", shapes));
  if (statistics.dtypesDifferent > 0)
    reasons.push(reason("dtypes-differ", { tensors: statistics.dtypesDifferent }));
  if (shards.original !== shards.suspect) reasons.push(reason("shards-differ", { ...shards }));
  return reasons;
}

function totalReasons({ totals, shards }: ArchitectureStatistics): Reason[] {
  if (!totals.sameWrongFigure) return [];
  return [reason("leftover-figure", { stated: totals.stated.original, listed: totals.listed, shards })];
}

function configReasons(config: ConfigStatistics | null, ancestorsGiven: number): Reason[] {
  if (config === null) return [reason("config-not-available")];
  const { keys, equal, differ, onlyOriginal, onlySuspect, renamed, beyondAncestors } = config;
  const reasons = [
    reason("config-compared", {
      keys,
      equal: equal.length,
      differ: differ.map(({ key }) => key),
      onlyOriginal: onlyOriginal.map(({ key }) => key),
      onlySuspect: onlySuspect.map(({ key }) => key),
    }),
  ];
  if (renamed.length === 0) reasons.push(reason("no-config-key-renamed"));
  for (const { original, suspect, value } of renamed) {
    reasons.push(reason("config-key-renamed", { original, suspect, value }));
  }
  if (beyondAncestors !== null) {
    const { ordinary, own, shared } = beyondAncestors;
    const counts = { original: own.original.length, suspect: own.suspect.length };
    reasons.push(reason("config-beyond-ancestors", { keys, ordinary, own: counts, shared }));
  } else {
    reasons.push(reason(ancestorsGiven === 0 ? "no-ancestor-given" : "ancestor-config-not-available"));
  }
  return reasons;
}
