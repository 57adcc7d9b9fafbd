import { reason } from "../methods/facts";
import type { Reason } from "../methods/method";
import type { AlignedStatistics } from "../methods/weights-aligned/schema";
import type { Relation, ResultSummary } from "./document";
import type { Evidence } from "./evidence";
import { panelAllows, privateGroupAgrees } from "./sibling-panel";

export interface Decision {
  readonly relation: Relation;
  readonly notIndependent: boolean | null;
  readonly cannotExclude: ResultSummary["cannotExclude"];
  readonly reasons: readonly Reason[];
}

/** Share of tensors that must agree on what was done before it is said of the whole. */
export const nearlyAll = 0.9;

const everything: ResultSummary["cannotExclude"] = ["shared-base", "same-data-and-recipe", "same-seed"];

/**
 * The relation of two releases, by rules tried in this order (docs/METHODS.md, The summary). Each is symmetric: it looks
 * at nothing that swapping the two would change.
 */
export function decide(evidence: Evidence): Decision {
  return (
    identical(evidence) ??
    incomparable(evidence) ??
    untouchedCopy(evidence) ??
    renumbered(evidence) ??
    trained(evidence) ??
    turned(evidence) ??
    onlyTested(evidence) ??
    fingerprinted(evidence) ??
    nothingFound(evidence) ??
    notKnown(evidence)
  );
}

/** All weights are equal, by hash or value by value. Two copies of one base are identical too: while the ancestors are open, that stays possible. */
function identical({ equalWeights, aligned, ancestorsClosed }: Evidence): Decision | null {
  if (equalWeights === null || aligned?.says === "unrelated") return null;
  const { inAncestor } = equalWeights;
  return {
    relation: "identical",
    notIndependent: true,
    cannotExclude: inAncestor || !ancestorsClosed ? ["shared-base"] : [],
    reasons: [reason(identityCodes[equalWeights.by], { inAncestor })],
  };
}

const identityCodes = {
  files: "weight-files-identical",
  tensors: "all-tensors-identical",
  values: "all-values-equal",
} as const;

function incomparable(evidence: Evidence): Decision | null {
  if (!evidence.nothingInCommon || sawSomething(evidence)) return null;
  return {
    relation: "incomparable",
    notIndependent: null,
    cannotExclude: [],
    reasons: [reason("structures-have-nothing-in-common")],
  };
}

/**
 * Everything that counts is equal, or differs as no training makes it differ: white noise, quantisation, pruning,
 * scaling, another number format. That needs no ancestor, as long as neither side has a part of its own: two honest
 * models around one frozen or quantised base are equal in all of that base, and each has parts that the other lacks.
 */
function untouchedCopy({ aligned, ancestorsClosed, fingerprint }: Evidence): Decision | null {
  if (aligned === null) return null;
  const { says } = aligned;
  if (says !== "equal-values" && says !== "noise-copy" && says !== "re-encoded") return null;
  const { changes, tensors } = aligned.found;
  const all = sum(changes);
  const ownParts =
    changes.none > 0 ||
    bothHaveMore(aligned.found) ||
    // What does not count, because others have it, may still be different parts of the two.
    aligned.found.tensorMap.some(
      ({ leftOut, change }) => leftOut?.startsWith("common-") && (change === "none" || change === "trained"),
    );
  // Noise that a single tensor hides is not worth missing a copy; a trained part beside an equal base is another story.
  const mayBeTrained = says === "noise-copy" ? 1 - nearlyAll : 0.02;
  if (ownParts || changes.trained > mayBeTrained * all) return null;
  // Where the fingerprint of an ancestor explains what is alike, both may be copies of that ancestor.
  const explained = fingerprint?.says === "shared-ancestry";
  return {
    relation: explained ? "related" : "derived",
    notIndependent: true,
    cannotExclude: explained ? everything : ancestorsClosed ? [] : ["shared-base"],
    reasons: [
      says === "equal-values"
        ? reason("sampled-values-equal", { tensors: tensors.counted })
        : reason("differs-as-no-training-does", { copied: all - changes.trained, tensors: all, says }),
      ...(explained ? [reason("fingerprint-explained")] : []),
    ],
  };
}

/** Does each side have tensors that the other lacks? */
function bothHaveMore(found: AlignedStatistics | null): boolean {
  return found !== null && Math.min(found.tensors.unpaired.original, found.tensors.unpaired.suspect) > 0;
}

/**
 * The weights resemble each other at equal positions, and the difference is one that training makes. Only ancestors tell
 * what of it is shared: all of it (shared ancestry), or more (related). "Related" is the strongest word for it: one public
 * recipe run twice cannot be told from a copy trained on (ADR 17). Documented siblings that all lack the resemblance, or
 * a group that no ancestor has, exclude a shared base where the ancestors are stated to be all there are.
 */
function trained(evidence: Evidence): Decision | null {
  const { aligned, independence } = evidence;
  if (aligned === null) return null;
  if (aligned.says === "ancestor-explains") {
    const found = aligned.found.ancestry?.symmetric;
    return {
      relation: "shared-ancestry",
      notIndependent: true,
      cannotExclude: [],
      reasons: [reason("ancestor-explains", { alpha: found?.alpha ?? null, rho: found?.rho ?? null })],
    };
  }
  const { changes } = aligned.found;
  const alike = sum(changes) - changes.none;
  const resembles =
    aligned.says !== "unrelated" && aligned.says !== "not-testable" && alike >= sum(changes) / 2;
  if (!resembles || sum(changes) === 0) return null;
  const closed = evidence.ancestorsClosed && aligned.says !== "not-decidable";
  const siblings = closed ? panelAllows(aligned.found) : null;
  const own = privateGroupAgrees(independence?.found ?? null);
  const noBase = siblings !== null || (own !== null && evidence.ancestorsClosed);
  return {
    relation: "related",
    notIndependent: true,
    cannotExclude: noBase ? ["same-data-and-recipe", "same-seed"] : everything,
    reasons: [
      reason(partly(changes) ? "parts-equal" : "trained-difference", {
        ancestorsGiven: evidence.ancestorsGiven,
        says: aligned.says,
      }),
      ...[siblings, own].filter((one) => one !== null),
    ],
  };
}

/**
 * Neurons found again under other numbers, far above every control: a copy if the rows are equal or differ by white noise
 * only, and not both sides have parts of their own (a dense model, and a mixture grown from its MLPs alone). Calibrated,
 * not exact, and said so.
 */
function renumbered({ invariant, aligned, ancestorsGiven }: Evidence): Decision | null {
  if (invariant?.says !== "not-independent-calibrated") return null;
  const { search } = invariant.found;
  const rows = search?.matchedRows ?? null;
  const equal = rows !== null && (rows.equal >= nearlyAll || rows.white);
  // Rows are not held against ancestors: beside any, two renumbered copies of one of them would look the same.
  const ownParts = bothHaveMore(aligned?.found ?? null);
  const copied = equal && ancestorsGiven === 0 && !ownParts;
  return {
    relation: copied ? "derived" : "related",
    notIndependent: true,
    cannotExclude: copied ? ["shared-base"] : everything,
    reasons: [reason("neurons-found-renumbered", { copied: equal, controls: search?.calibratedBy ?? 0 })],
  };
}

/**
 * Nothing at equal positions, but the same numbering of neurons seen through tokens: exact. A light fine-tune agrees
 * through tokens as closely as a copy does, so this is never more than related.
 */
function turned({ invariant }: Evidence): Decision | null {
  if (invariant?.says !== "not-independent") return null;
  return {
    relation: "related",
    notIndependent: true,
    cannotExclude: everything,
    reasons: [reason("neurons-agree-through-tokens")],
  };
}

/** More of what counts is untouched than changed: parts taken over, beside parts of their own. */
function partly(changes: Readonly<Record<string, number>>): boolean {
  return sum(changes) - (changes.trained ?? 0) - (changes.none ?? 0) > sum(changes) / 2;
}

/** The exact test alone rejects: a common origin of some kind, and nothing that says which. */
function onlyTested({ independence }: Evidence): Decision | null {
  if (independence?.says !== "not-independent") return null;
  return {
    relation: "related",
    notIndependent: true,
    cannotExclude: everything,
    reasons: [reason("numbering-agrees", { log10P: independence.log10P })],
  };
}

/** A fingerprint can be made from public weights by anybody: it points somewhere, and supports no stronger word. */
function fingerprinted({ fingerprint, aligned }: Evidence): Decision | null {
  if (fingerprint === null || (aligned !== null && aligned.says !== "not-testable")) return null;
  if (fingerprint.says === "shared-ancestry") {
    return {
      relation: "shared-ancestry",
      notIndependent: null,
      cannotExclude: everything,
      reasons: [reason("fingerprint-explained")],
    };
  }
  if (fingerprint.says !== "matches" && fingerprint.says !== "same-tensors") return null;
  return {
    relation: "related",
    notIndependent: null,
    cannotExclude: everything,
    reasons: [reason("fingerprint-matches", { says: fingerprint.says })],
  };
}

/**
 * Exact tests and the calibrated search all ran, with two controls or more, and found nothing. A single MLP was held
 * against the first expert of a mixture alone; what the others are is then not known.
 */
function nothingFound({ aligned, independence, invariant }: Evidence): Decision | null {
  const quiet = independence?.says === "no-evidence" && invariant?.says === "no-evidence";
  if (!quiet || aligned?.says !== "unrelated") return null;
  const met = independence?.found.cells ?? [];
  if (met.some((cell) => (cell.original.expert === null) !== (cell.suspect.expert === null))) return null;
  const { products, search } = invariant?.found ?? {};
  if (!products?.pooled || (search?.calibratedBy ?? 0) < 2) return null;
  return {
    relation: "independent",
    notIndependent: false,
    cannotExclude: [],
    reasons: [
      reason("tests-found-nothing", {
        rows: independence?.found.identity?.of ?? 0,
        controls: search?.calibratedBy ?? 0,
      }),
    ],
  };
}

function notKnown({ aligned, independence, invariant }: Evidence): Decision {
  const read = aligned !== null || independence !== null || invariant !== null;
  return {
    relation: "inconclusive",
    notIndependent: null,
    cannotExclude: everything,
    reasons: [reason(read ? "nothing-decisive" : "no-weight-read")],
  };
}

/** Whether any test on weights saw something, which structures without a common shape do not take back. */
function sawSomething({ invariant, independence, fingerprint }: Evidence): boolean {
  return [invariant, independence, fingerprint].some(
    (one) => one !== null && /^(?:not-independent|matches|same-tensors)/.test(one.says),
  );
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
