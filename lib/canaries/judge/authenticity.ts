/** What an answer set is worth: by what we know of it, never by what anybody says of it. */
export type Authenticity = "claimed" | "re-run" | "two-collectors";

/** Why a class was given, or why a higher one was not. */
export type AuthenticityReason =
  /** The weights stood in the log before these answers, and somebody unconnected with the author asked them. */
  | "re-run"
  /** Two unconnected collectors asked the same endpoint before the reveal, and their answers agree. */
  | "two-collectors"
  /** The author's own model's answers: somebody unconnected asked the same pinned weights, and they agree. */
  | "confirmed-by-re-run"
  /** The author of the set, or somebody of the author's namespace, collected them: they know the targets. */
  | "collector-connected"
  /** There is no transcript whose root stands in the log. */
  | "no-transcript"
  /** Nobody has said which weights answered. */
  | "no-weights"
  /** The digest of the weights does not stand in the log in time. */
  | "weights-not-pinned"
  /** The site asked somebody else's endpoint: nobody knows which weights answered there. */
  | "foreign-endpoint"
  | "no-second-collector"
  /** The second collector asked another endpoint, or for another model. */
  | "other-endpoint"
  /** Both collections are one person's, or the site's. */
  | "same-collector"
  /** The second collection was logged after items were revealed. */
  | "after-reveal"
  | "collectors-disagree";

/** One collection of answers, as log and tables know it. */
export interface Collection {
  /** Null: this instance asked. */
  readonly collectorId: string | null;
  /** The collector is the set's author, registered its model, or shares its proved namespace. */
  readonly connected: boolean;
  /** A transcript was read whole here, and its root stands in the `responses` entry. */
  readonly transcript: boolean;
  readonly endpoint: string | null;
  readonly model: string | null;
  /** This instance asked an endpoint of its own operator. */
  readonly operated: boolean;
  readonly weights: string | null;
  /** The weights' digest stands in an entry that lies inside a vouched checkpoint which the responses cite. */
  readonly pinned: boolean;
  /** Logged before the first item was revealed, by the same measure. */
  readonly beforeReveal: boolean;
}

/** What of two collections' items that both have answered has to be the same, so that both asked one model. */
export const collectorsAgree = { share: 2 / 3, leastItems: 5 } as const;

export interface Judged {
  readonly class: Authenticity;
  readonly reasons: readonly AuthenticityReason[];
}

/**
 * The class of a collection (CANARIES.md, "Ask"). Re-run may also happen after the reveal: the weights were fixed
 * before, so that knowing the targets changes nothing. Two collectors prove something only while nobody could know
 * them. `agreement`: items that both answered, and on how many of them they agree.
 */
export function authenticityOf(
  one: Collection,
  second: (Collection & { readonly agreement: { readonly both: number; readonly same: number } }) | null,
): Judged {
  const reasons: AuthenticityReason[] = [];
  if (!one.transcript) reasons.push("no-transcript");
  if (one.connected) reasons.push("collector-connected");
  if (reasons.length > 0) return { class: "claimed", reasons };

  if (one.weights === null) reasons.push("no-weights");
  else if (!one.pinned) reasons.push("weights-not-pinned");
  else if (one.collectorId === null && !one.operated) reasons.push("foreign-endpoint");
  else return { class: "re-run", reasons: ["re-run"] };

  const against = whyNotTwo(one, second);
  if (against === null) return { class: "two-collectors", reasons: ["two-collectors"] };
  return { class: "claimed", reasons: [...reasons, against] };
}

/**
 * The class of the original's own answers, which are its author's to register: claimed, until somebody unconnected has
 * asked the same weights and got the same. `confirmation`: how that one is classed by itself, and the agreement.
 */
export function authenticityOfOriginal(
  one: Collection,
  confirmation:
    | (Collection & { readonly agreement: { readonly both: number; readonly same: number } })
    | null,
): Judged {
  const alone = authenticityOf(one, null);
  if (alone.class !== "claimed" || confirmation === null) return alone;
  const second = authenticityOf(confirmation, null);
  if (second.class !== "re-run" || confirmation.weights !== one.weights) return alone;
  if (!agrees(confirmation.agreement)) return { class: "claimed", reasons: ["collectors-disagree"] };
  return { class: "re-run", reasons: ["confirmed-by-re-run"] };
}

function agrees({ both, same }: { readonly both: number; readonly same: number }): boolean {
  return both >= collectorsAgree.leastItems && same >= collectorsAgree.share * both;
}

function whyNotTwo(
  one: Collection,
  second: Parameters<typeof authenticityOf>[1],
): Exclude<AuthenticityReason, "two-collectors"> | null {
  if (second === null) return "no-second-collector";
  if (!second.transcript) return "no-transcript";
  if (second.connected) return "collector-connected";
  if (one.collectorId === second.collectorId) return "same-collector";
  const asked = (of: Collection) => `${of.endpoint} ${of.model}`;
  if (one.endpoint === null || asked(one) !== asked(second)) return "other-endpoint";
  if (!one.beforeReveal || !second.beforeReveal) return "after-reveal";
  return agrees(second.agreement) ? null : "collectors-disagree";
}
