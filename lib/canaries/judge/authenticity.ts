import type { Standing } from "../independent";

/** What an answer set is worth: by what we know of it, never by what anybody says of it. */
export type Authenticity = "claimed" | "re-run" | "two-collectors";

/** Why a class was given, or why a higher one was not. */
export type AuthenticityReason =
  /** The weights stood in the log before; this instance asked them, or two people unconnected with the author did. */
  | "re-run"
  /** Two unconnected collectors asked the same endpoint, with prompts that were public, and their answers agree. */
  | "two-collectors"
  /** The author's own model's answers: somebody unconnected asked the same pinned weights, and they agree. */
  | "confirmed-by-re-run"
  /** The author of the set, or somebody of the author's namespace, collected them: they know the targets. */
  | "collector-connected"
  /** The collector has neither a verified address nor a linked identity, or is gone. */
  | "collector-unverified"
  /** The collector's account is younger than the set. */
  | "collector-newer"
  /** There is no transcript whose root stands in the log. */
  | "no-transcript"
  /** The transcript asks something else than the committed items. */
  | "other-items"
  /** Nobody has said which weights answered. */
  | "no-weights"
  /** The digest of the weights does not stand in the log in time. */
  | "weights-not-pinned"
  /** The site asked somebody else's endpoint: nobody knows which weights answered there. */
  | "foreign-endpoint"
  | "no-second-collector"
  /** There is a second collection; the two are compared once all answers are public, or comparing would tell of them. */
  | "compared-after-reveal"
  /** Both collections are one person's, or of one namespace. */
  | "same-collector"
  /** The prompts were handed over in private: nobody can show that they were no more than prompts. */
  | "prompts-not-public"
  /** Too few items were answered by both. */
  | "too-few-to-compare"
  /** Somebody unconnected asked the same, and got other answers. */
  | "contradicted";

/** One collection of answers, as log and tables know it. */
export interface Collection {
  /** Null: this instance asked. */
  readonly collectorId: string | null;
  /** Of the collector; of an endpoint that somebody had this instance ask, of that person. */
  readonly standing: Standing;
  /** Read whole here, beside the items that are public; its root stands in the `responses` entry. */
  readonly transcript: "whole" | "none" | "other-items";
  readonly endpoint: string | null;
  readonly model: string | null;
  /** This instance asked an endpoint of its own operator. */
  readonly operated: boolean;
  readonly weights: string | null;
  readonly releaseId: string | null;
  /** The weights' digest stands in an entry that lies inside a vouched checkpoint which the responses cite. */
  readonly pinned: boolean;
  /** Everybody could read the prompts when it was asked: those of a generator, from the nonce on. */
  readonly promptsPublic: boolean;
}

/** What two collections have in common. */
export interface Agreement {
  /** Items that both answered, and on how many of them they agree. */
  readonly both: number;
  readonly same: number;
  /** The same of the items on which a finding can rest: a drawn label, or a wrong answer, from at least one of both. */
  readonly decisive: number;
  readonly decisiveSame: number;
}

/** Another collection beside the one that is judged. */
export interface Other extends Collection {
  readonly agreement: Agreement;
  /** One person's, or two people's of one namespace. */
  readonly samePerson: boolean;
}

/**
 * How much has to be the same so that both asked one model. Hard items come out alike for about 75 % between engines;
 * drawn labels that were learned come out alike, and a few that were written in would make a finding.
 */
export const collectorsAgree = { share: 2 / 3, labels: 0.9, leastItems: 5 } as const;

export interface Judged {
  readonly class: Authenticity;
  readonly reasons: readonly AuthenticityReason[];
}

const claimed = (...reasons: readonly AuthenticityReason[]): Judged => ({
  class: "claimed",
  reasons: [...new Set(reasons)],
});

/**
 * The class of a collection (CANARIES.md, "Ask"; docs/CANARIES.md for what each needs). Whoever contradicts counts only
 * if they could have confirmed: else anybody could undo a finding with answers that they made up. `labels`: whether the
 * items are random labels.
 */
export function authenticityOf(
  one: Collection,
  others: readonly Other[],
  of: { readonly role: string; readonly labels: boolean },
): Judged {
  const faults = faultsOf(one);
  const witnesses = others.filter((other) => faultsOf(other).length === 0 && askedTheSame(one, other));
  const agreements = witnesses.map(({ agreement }) => agrees(agreement, of.labels));
  if (agreements.includes("no")) return claimed(...faults, "contradicted");
  const agreeing = witnesses.filter((_, at) => agreements[at] === "yes");

  const own = of.role === "original" && one.standing === "connected" && one.transcript !== "other-items";
  if (own) {
    const confirmed = agreeing.some((other) => sameWeights(one, other));
    if (confirmed) return { class: "re-run", reasons: ["confirmed-by-re-run"] };
    return agreements.includes("unclear") ? claimed(...faults, "too-few-to-compare") : claimed(...faults);
  }
  if (faults.length > 0) return claimed(...faults);
  if (hasWeights(one) && one.pinned && one.operated) return { class: "re-run", reasons: ["re-run"] };
  const seconds = agreeing.filter(({ samePerson }) => !samePerson);
  const reasons = whyNotPinned(one);
  if (reasons.length === 0) {
    const again = seconds.some((other) => sameWeights(one, other));
    return again
      ? { class: "re-run", reasons: ["re-run"] }
      : claimed(whyNoSecond(others, witnesses, agreements));
  }
  if (!one.promptsPublic) return claimed(...reasons, "prompts-not-public");
  return seconds.length > 0
    ? { class: "two-collectors", reasons: ["two-collectors"] }
    : claimed(...reasons, whyNoSecond(others, witnesses, agreements));
}

/** What a collection lacks by itself, whatever others asked. */
function faultsOf({ transcript, standing }: Collection): AuthenticityReason[] {
  const faults: AuthenticityReason[] = [];
  if (transcript === "none") faults.push("no-transcript");
  if (transcript === "other-items") faults.push("other-items");
  if (standing !== "independent") faults.push(`collector-${standing}`);
  return faults;
}

const hasWeights = ({ weights, releaseId }: Collection) => weights !== null || releaseId !== null;

function whyNotPinned(one: Collection): AuthenticityReason[] {
  if (!hasWeights(one)) return ["no-weights"];
  if (!one.pinned) return ["weights-not-pinned"];
  return one.collectorId === null && !one.operated ? ["foreign-endpoint"] : [];
}

/** Over the same weights, pinned for the other too; or, where nobody named any, the same model at the same endpoint. */
function askedTheSame(one: Collection, other: Collection): boolean {
  if (hasWeights(one) && hasWeights(other))
    return sameWeights(one, other) && whyNotPinned(other).length === 0;
  return one.endpoint !== null && one.endpoint === other.endpoint && one.model === other.model;
}

function sameWeights(one: Collection, other: Collection): boolean {
  return (
    (one.weights !== null && one.weights === other.weights) ||
    (one.releaseId !== null && one.releaseId === other.releaseId)
  );
}

function agrees(
  { both, same, decisive, decisiveSame }: Agreement,
  labels: boolean,
): "yes" | "no" | "unclear" {
  if (both < collectorsAgree.leastItems) return "unclear";
  const needed = labels ? collectorsAgree.labels : collectorsAgree.share;
  return same >= collectorsAgree.share * both && decisiveSame >= needed * decisive ? "yes" : "no";
}

function whyNoSecond(
  others: readonly Other[],
  witnesses: readonly Other[],
  agreements: readonly ReturnType<typeof agrees>[],
): AuthenticityReason {
  if (agreements.includes("unclear")) return "too-few-to-compare";
  const alone = witnesses.length > 0 && witnesses.every(({ samePerson }) => samePerson);
  return alone && others.length > 0 ? "same-collector" : "no-second-collector";
}
