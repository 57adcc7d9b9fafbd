import { type PublicCommitment, targetOf } from "./commitment";
import type { CanaryItem } from "./items";
import { type Opening, verifyOpening } from "./opening";
import type { SetKind } from "./terms";

export interface OpenedItem {
  readonly index: number;
  readonly item: CanaryItem;
  /** Index of the drawn option; of random-label items whose nonce is known. */
  readonly target?: number;
}

/**
 * What an opening reveals: the item, checked against the commitment, and the option that the nonce draws for it. Whether
 * it is an item of its kind at all is another question (itemFault). Throws as verifyOpening.
 */
export function openedItem(
  opening: Opening,
  set: { readonly commitment: PublicCommitment; readonly kind: SetKind; readonly nonce: string | null },
): OpenedItem {
  const item = verifyOpening(opening, set.commitment);
  const { index, targetKey } = opening;
  const options = item.options?.length ?? 0;
  if (set.kind !== "random-label" || set.nonce === null || options === 0) return { index, item };
  const place = { nonce: set.nonce, setId: set.commitment.setId, index, options };
  return { index, item, target: targetOf(targetKey, place) };
}
