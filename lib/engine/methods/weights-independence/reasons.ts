import { reason } from "../facts";
import type { Reason } from "../method";
import { sum } from "./pooled";
import type { IndependenceStatistics, PooledStatistics } from "./schema";

/** Coded reasons of an outcome, in the order in which they are told. */
export function independenceReasons(
  statistics: IndependenceStatistics,
  says: string,
  ancestorsGiven: number,
  embeddingAlone: boolean,
): Reason[] {
  const { identity, multiplicity } = statistics;
  if (says === "not-testable") return [...untestable(statistics), ...embeddingReasons(statistics)];
  const reasons = [
    ...(identity === null ? untestable(statistics) : [reason("windowed-matching", facts(identity))]),
    ...embeddingReasons(statistics),
    reason("corrected-for", {
      screened: multiplicity.screened,
      maps: multiplicity.maps,
      searched: multiplicity.searched,
      families: multiplicity.families,
      factor: multiplicity.factor,
    }),
  ];
  if (says === "no-evidence") reasons.push(reason("nothing-seen-is-no-proof"));
  if (says === "not-independent" && embeddingAlone) reasons.push(reason("embedding-alone"));
  return [
    ...reasons,
    ...mapReasons(statistics),
    ...rowReasons(statistics, says),
    ...ancestorReasons(statistics, says, ancestorsGiven),
    ...controlReasons(statistics),
  ];
}

function untestable({ neuronGroups, leftOut, stacks, cells }: IndependenceStatistics): Reason[] {
  const without = (["original", "suspect"] as const).filter((side) => neuronGroups[side] === 0);
  if (without.length > 0) return without.map((side) => reason("no-neuron-group", { side }));
  if (leftOut.original >= neuronGroups.original || leftOut.suspect >= neuronGroups.suspect) {
    return [reason("nothing-counts", { ...leftOut })];
  }
  if (stacks.length === 0) return [reason("no-stack-of-one-width")];
  const count = (code: string) => cells.filter(({ unmeasured }) => unmeasured === code).length;
  return [
    reason("nothing-measured", {
      tooFewRows: count("too-few-rows"),
      notAvailable: count("bytes-not-available"),
    }),
  ];
}

/** Columns of embeddings: what was counted, or why nothing was. */
function embeddingReasons({ embedding }: IndependenceStatistics): Reason[] {
  const { refused, pooled, tokens, controls } = embedding;
  if (pooled === null) return [reason("embedding-not-counted", { why: refused })];
  return [
    reason("embedding-columns", { tokens, ...facts(pooled) }),
    ...controls.flatMap(({ position, against: { original, suspect } }) =>
      original === null && suspect === null
        ? []
        : [reason("embedding-control", { position, original: counts(original), suspect: counts(suspect) })],
    ),
  ];
}

function mapReasons({ identity, maps, search }: IndependenceStatistics): Reason[] {
  const better = maps.filter(
    ({ pooled }) => pooled.log10P <= -9 && pooled.log10P < (identity?.log10P ?? 0) / 4,
  );
  const reasons = better.map(({ offset, pooled }) => reason("layer-offset", { offset, ...facts(pooled) }));
  if (search !== null && search.found.length > 0) {
    const layers = search.found.map(({ original, suspect }) => `${original.layer}–${suspect.layer}`);
    reasons.push(reason("layers-found", { pairs: search.pairs, layers }));
  }
  return reasons;
}

function rowReasons({ cells, leftOut, globalLog10 }: IndependenceStatistics, says: string): Reason[] {
  const reasons: Reason[] = [];
  const collapsed = cells.filter(({ sameAs }) => sameAs !== null).length;
  if (collapsed > 0) reasons.push(reason("groups-fall-together", { groups: collapsed }));
  const dropped = {
    original: sum(cells.map((cell) => cell.dropped.original)),
    suspect: sum(cells.map((cell) => cell.dropped.suspect)),
  };
  if (dropped.original + dropped.suspect > 0) reasons.push(reason("rows-left-out", dropped));
  if (leftOut.original + leftOut.suspect > 0) reasons.push(reason("groups-left-out", { ...leftOut }));
  const skipped = cells.filter(({ unmeasured }) => unmeasured !== null).length;
  if (skipped > 0) reasons.push(reason("groups-not-measured", { groups: skipped }));
  if (says === "no-evidence" && globalLog10 !== null && globalLog10 <= -6) {
    reasons.push(reason("global-matching-not-used", { log10P: globalLog10 }));
  }
  return reasons;
}

function ancestorReasons(statistics: IndependenceStatistics, says: string, given: number): Reason[] {
  const reasons: Reason[] = [];
  const known = sum(statistics.byGroup.map(({ inAncestor }) => inAncestor));
  const groups = sum(statistics.byGroup.map(({ pooled }) => pooled.groups));
  if (given === 0) {
    return says === "not-independent" ? [reason("no-ancestor-given")] : [];
  }
  if (known > 0 && says === "not-independent")
    reasons.push(reason("ancestor-may-explain", { known, groups }));
  if (statistics.private === null) return [...reasons, reason("private-groups-unknown")];
  const { pooled } = statistics.private;
  reasons.push(pooled === null ? reason("no-private-group") : reason("private-groups", facts(pooled)));
  return reasons;
}

function controlReasons({ controls }: IndependenceStatistics): Reason[] {
  if (controls.length === 0) return [reason("no-control-given")];
  return controls.map(({ position, like, related, against }) => {
    if (!like) return reason("control-not-alike", { position });
    const given = { position, original: counts(against.original), suspect: counts(against.suspect) };
    return related ? reason("control-related", given) : reason("control-measured", given);
  });
}

function counts(pooled: PooledStatistics | null) {
  return pooled === null ? {} : facts(pooled);
}

function facts({ groups, matched, of, expected, critical, log10P }: PooledStatistics) {
  return { groups, matched, of, expected, critical: critical.e6, log10P };
}
