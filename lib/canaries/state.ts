/** Where a set stands. It follows from what was revealed by when; nobody sets it. */
export type SetState =
  /** Nothing is revealed, and there is time. */
  | "committed"
  | "partly-revealed"
  | "revealed"
  /** The deadline passed with items unrevealed: they have failed for ever. */
  | "failed";

export interface SetFacts {
  readonly items: number;
  readonly revealed: number;
  readonly kind: string;
  /** First moment at which unrevealed items count as failed; null without terms. */
  readonly revealBy: Date | null;
}

/** A generator's items are public once the nonce is: it has nothing to reveal. */
export function setState(set: SetFacts, now: Date): SetState {
  if (set.kind === "generator" || set.revealed >= set.items) return "revealed";
  if (set.revealBy !== null && now >= set.revealBy) return "failed";
  return set.revealed > 0 ? "partly-revealed" : "committed";
}

/**
 * Whether a chain holds, for the judge: what does not is withheld, by reason. Where nothing is revealed yet there is
 * nothing to judge.
 */
export function chainHolds(
  steps: readonly { readonly ok: boolean; readonly id: string; readonly reason: string }[],
): {
  readonly ok: boolean;
  readonly withheld: readonly string[];
} {
  const withheld = steps.filter(({ ok }) => !ok).map(({ id, reason }) => `${id}:${reason}`);
  return { ok: steps.length > 0 && withheld.length === 0, withheld };
}
