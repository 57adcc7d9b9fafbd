import { reason } from "../../methods/facts";
import type { Reason } from "../../methods/method";
import { log10 } from "../../statistics/elementary";
import { alphabetPerItem, alphabetSize } from "../generator";
import { holm } from "./holm";
import { type Authenticity, isClaimed, isWeaker, type JudgeInput } from "./input";
import type { Measured } from "./measure";
import type { CanarySays, Judgement } from "./schema";

export interface Decision {
  readonly says: CanarySays;
  readonly primary: Judgement["primary"];
  readonly authenticity: Authenticity;
  readonly movesFinding: boolean;
  readonly reasons: readonly Reason[];
  readonly whatWouldHelp: readonly Reason[];
}

/** The registered statistic before it is written down: full precision, and the smallest p it could have had. */
interface Primary {
  readonly statistic: "secret" | "robust" | "rank";
  readonly log10: number;
  readonly floor: number | null;
}

/** An original that misses its own canaries by this measure has not learned them. */
const passesWithout = -3;
/** Share of the items that an original must answer for a comparison of errors to mean anything. */
const leastAnswered = 0.5;
const log10Two = 0.3010299956639812;

/** What a judgement may say, by the rules of CANARIES.md, first the ones that forbid any. */
export function decide(input: JudgeInput, measured: Measured): Decision {
  const primary = primaryOf(input, measured);
  const reasons = [...circumstances(input, measured)];
  const authenticity = leastAuthentic(input);
  const withheld = (says: CanarySays, why: Reason): Decision => ({
    says,
    primary: null,
    authenticity,
    movesFinding: false,
    reasons: [why, ...reasons],
    whatWouldHelp: helpWithout(input),
  });
  if (input.order.ok === false) {
    return withheld("illustration", reason("order-not-kept", { steps: [...input.order.withheld] }));
  }
  const failed = originalFails(input, measured);
  if (failed !== null) return withheld("void", failed);
  if (primary === null) {
    const why =
      unmatched(input, measured) ??
      tooFew(input, measured) ??
      reason("too-few-joint-errors", { n: measured.nBothWrong });
    return { ...withheld("inconclusive", why), whatWouldHelp: help(input, measured, null) };
  }
  const adjusted = adjust(input, primary);
  const limits = limitsOf(input, measured, primary, adjusted);
  const claims = claimedSides(input);
  const says = claims.length > 0 ? "inconclusive" : saysOf(adjusted.reached, limits.length > 0);
  return {
    says,
    primary: adjusted,
    authenticity,
    movesFinding: says === "not-independent",
    reasons: [...outcome(adjusted), ...claims, ...limits, ...reasons, ...closing(says)],
    whatWouldHelp: help(input, measured, adjusted),
  };
}

/** Answers that whoever handed them in could have written down say nothing of a model, in either direction. */
function claimedSides({ original, suspect }: JudgeInput): Reason[] {
  const names = [suspect, original].filter(isClaimed).map(({ name }) => name);
  return names.length === 0 ? [] : [reason("claimed-answers", { names })];
}

function saysOf(reached: boolean | null, limited: boolean): CanarySays {
  if (reached === null) return "inconclusive";
  if (!reached) return "nothing-found";
  return limited ? "inconclusive" : "not-independent";
}

function primaryOf({ terms }: JudgeInput, measured: Measured): Primary | null {
  const { secretLog10, robust, rank } = measured;
  if (terms.primary === "secret") {
    return secretLog10 === null ? null : { statistic: "secret", log10: secretLog10, floor: null };
  }
  if (terms.primary === "rank") {
    return rank === null ? null : { statistic: "rank", log10: log10(rank.p), floor: rank.floor };
  }
  return robust === null
    ? null
    : { statistic: "robust", log10: robust.log10, floor: 1 / (robust.families * robust.families) };
}

/** Times the sets of the namespace, times what a checkpoint's writer could have tried, then Holm over all pairs tried. */
function adjust(
  input: JudgeInput,
  { statistic, log10: own, floor }: Primary,
): NonNullable<Judgement["primary"]> {
  const { terms, setsOfNamespace, pairsTried } = input;
  const grindBits = terms.beacon.kind === "log-checkpoint" ? terms.beacon.grindBits : 0;
  const multiplied = Math.min(own + log10(setsOfNamespace) + grindBits * log10Two, 0);
  const [adjusted = multiplied] = holm([multiplied, ...pairsTried.map(({ log10p }) => log10p)]);
  return {
    statistic,
    log10: adjusted,
    value: 0,
    threshold: terms.threshold,
    // A p that equals its threshold has reached it; the last digits of a logarithm decide nothing.
    reached: terms.threshold === null ? null : adjusted <= log10(Number(terms.threshold)) + 1e-9,
    floor,
    sets: setsOfNamespace,
    grindBits,
    pairs: pairsTried.length + 1,
  };
}

/** The original must pass its own canaries: hit the drawn labels, or answer at all. */
function originalFails({ terms, items }: JudgeInput, measured: Measured): Reason | null {
  if (items.length === 0) return reason("nothing-revealed", { items: terms.items });
  if (measured.originalLog10 !== null && measured.hits !== null) {
    const least =
      terms.threshold === null ? passesWithout : Math.min(passesWithout, log10(Number(terms.threshold)));
    if (measured.originalLog10 <= least + 1e-9) return null;
    return reason("original-misses-its-own", { hits: measured.hits.original, items: terms.items });
  }
  const answered = measured.original.coded.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0);
  if (answered >= leastAnswered * items.length) return null;
  return reason("original-does-not-answer", { answered, items: items.length });
}

/** What keeps a p at or below the threshold from being a finding. */
function limitsOf(
  input: JudgeInput,
  measured: Measured,
  primary: Primary,
  adjusted: NonNullable<Judgement["primary"]>,
): Reason[] {
  const found: (Reason | null)[] = [
    input.terms.kind === "natural" ? reason("natural-items-alone") : null,
    chosenAlphabet(input),
    unmatched(input, measured) ?? tooFew(input, measured),
    unasked(input, measured),
    floorAbove(primary, adjusted, measured),
    input.order.ok === null ? reason("order-not-checked") : null,
  ];
  return found.filter((one) => one !== null);
}

/** Whoever may choose the alphabet once both models are out chooses the items. */
function chosenAlphabet({ terms }: JudgeInput): Reason | null {
  const { generator, items } = terms;
  if (terms.kind !== "generator") return null;
  if (generator === undefined) return reason("alphabet-unknown");
  const characters = alphabetSize(generator);
  if (generator.parameters.characters !== undefined) return reason("alphabet-listed", { characters });
  const needs = alphabetPerItem * items;
  return characters >= needs ? null : reason("alphabet-small", { characters, items, needs });
}

/** References that were named beforehand have to be asked, all of them: one could leave out those that err alike. */
function unasked({ terms }: JudgeInput, { unasked: names }: Measured): Reason | null {
  if (terms.primary === "secret" || names.length === 0) return null;
  return reason("named-references-missing", { names: [...names] });
}

function unmatched({ terms }: JudgeInput, { matched, shared }: Measured): Reason | null {
  if (terms.kind === "random-label" && terms.primary === "secret") return null;
  if (shared === null || matched >= terms.needsReferences) return null;
  return reason("no-matched-references", {
    have: matched,
    needs: terms.needsReferences,
    shared: { ...shared },
  });
}

function tooFew({ terms }: JudgeInput, { families, matched, shared }: Measured): Reason | null {
  const have = shared === null || terms.primary === "secret" ? families : matched;
  if (have >= terms.needsReferences) return null;
  return reason("too-few-references", { have, needs: terms.needsReferences });
}

function floorAbove(
  { floor, statistic }: Primary,
  { threshold }: NonNullable<Judgement["primary"]>,
  { robust }: Measured,
): Reason | null {
  if (floor === null || threshold === null || floor <= Number(threshold) * (1 + 1e-9)) return null;
  return reason("floor-above-threshold", {
    statistic,
    oneIn: Math.round(1 / floor),
    families: statistic === "robust" ? (robust?.families ?? 0) : null,
    threshold,
  });
}

function outcome({ reached, threshold, statistic, log10: p }: NonNullable<Judgement["primary"]>): Reason[] {
  if (reached === null || threshold === null) return [reason("no-threshold-registered")];
  return [
    reason(reached ? "threshold-reached" : "threshold-not-reached", {
      statistic,
      log10: Number(p.toFixed(2)),
      threshold,
      oneIn: Math.round(1 / Number(threshold)),
    }),
  ];
}

/** What was counted and what was left out, whatever the outcome. */
function* circumstances(input: JudgeInput, measured: Measured): Generator<Reason> {
  const { terms, setsOfNamespace, pairsTried } = input;
  if (measured.unrevealed > 0)
    yield reason("unrevealed-are-misses", { count: measured.unrevealed, items: terms.items });
  if (measured.invalid.length > 0)
    yield reason("invalid-are-misses", { count: measured.invalid.length, items: terms.items });
  for (const { set, left } of measured.references) {
    if (left !== null) yield reason(`left-out-${left.excluded}`, { name: set.name, by: left.by });
  }
  const later = measured.references.filter(({ fixed, left }) => !fixed && left?.excluded !== "claimed");
  if (later.length > 0) yield reason("references-added-later", { names: later.map(({ set }) => set.name) });
  if (setsOfNamespace > 1) yield reason("sets-counted", { sets: setsOfNamespace });
  if (pairsTried.length > 0) yield reason("pairs-counted", { pairs: pairsTried.length + 1 });
  if (terms.beacon.kind === "log-checkpoint")
    yield reason("nonce-from-checkpoint", { bits: terms.beacon.grindBits });
  if (terms.kind !== "random-label") yield reason("right-answers-do-not-count");
}

/** The weaker of the two sides: nothing that is judged of them is worth more. */
function leastAuthentic({ original, suspect }: JudgeInput): Authenticity {
  return isWeaker(original.authenticity, suspect.authenticity) ? original.authenticity : suspect.authenticity;
}

function closing(says: CanarySays): Reason[] {
  if (says === "nothing-found") return [reason("nothing-found-is-no-proof")];
  return says === "not-independent" ? [reason("flow-of-information")] : [];
}

function helpWithout({ order }: JudgeInput): Reason[] {
  return order.ok === false
    ? [reason("help-next-release"), reason("help-weights")]
    : [reason("help-original-learns"), reason("help-weights")];
}

function help(input: JudgeInput, measured: Measured, primary: Judgement["primary"]): Reason[] {
  const { terms, order } = input;
  const { shared, matched, families, robust, nBothWrong, unrevealed } = measured;
  const have = shared === null || terms.primary === "secret" ? families : matched;
  const threshold = terms.threshold === null ? null : Number(terms.threshold);
  const found: Reason[] = [];
  if (threshold === null) found.push(reason("help-register-threshold"));
  if (have < terms.needsReferences) {
    const code =
      shared === null || terms.primary === "secret" ? "help-references" : "help-matched-references";
    found.push(reason(code, { have, needs: terms.needsReferences }));
  }
  if (terms.primary === "robust" && threshold !== null) {
    const needs = Math.ceil(1 / Math.sqrt(threshold) - 1e-9);
    if ((robust?.families ?? 0) < needs)
      found.push(reason("help-families", { have: robust?.families ?? 0, needs }));
    if (nBothWrong < fewErrors && primary?.reached !== true)
      found.push(reason("help-items", { have: nBothWrong }));
  }
  if (terms.primary === "rank" && threshold !== null && (primary?.floor ?? 1) > threshold) {
    found.push(reason("help-references", { have, needs: Math.ceil(1 / threshold - 1e-9) - 1 }));
  }
  if (unasked(input, measured) !== null)
    found.push(reason("help-named-references", { names: [...measured.unasked] }));
  if (chosenAlphabet(input) !== null) found.push(reason("help-alphabet"));
  if (unrevealed > 0) found.push(reason("help-reveal", { count: unrevealed }));
  if (claimedSides(input).length > 0) found.push(reason("help-ask-again"));
  if (order.ok === null) found.push(reason("help-order"));
  if (terms.kind !== "random-label") found.push(reason("help-random-labels"), reason("help-weights"));
  return found;
}

/** Joint errors that even perfect agreement needs for 1e-6 where independent models share .6 of theirs. */
const fewErrors = 28;
