import { type CanaryTerms, type CommittedItems, commitItems, itemBytes, targetOf } from "@/lib/engine/canary";
import { exampleChain, fixtureRound, signedRound } from "@/tests/canary/beacon";
import { canaryItems, count, options } from "./items";

/** Round 1 at the first second of 2026. */
const chain = exampleChain(1767225600);

export const round = signedRound(fixtureRound);

export const terms: CanaryTerms = {
  schema: "slipmark.canary-terms/v1",
  kind: "random-label",
  items: count,
  options,
  primary: "secret",
  threshold: "0.000001",
  normaliser: "n1",
  fold: "none",
  prompt: "{prompt}",
  extractor: { kind: "whole" },
  repeats: 3,
  references: [],
  needsReferences: 5,
  deadline: "2027-12-31",
  beacon: { ...chain, round: fixtureRound } as CanaryTerms["beacon"],
};

/** Two authors with the same questions and options: only their secrets differ, and so their targets do. */
export type Author = "author" | "rival";

export const secrets: Readonly<Record<Author, string>> = { author: "a5", rival: "5a" };

export interface ZooSet extends CommittedItems {
  readonly setId: string;
  readonly authorKeyId: string;
  /** The word that each item's answer is to be. */
  readonly targets: readonly string[];
}

/** Commits the items with fixed secrets and draws their targets from the round that the terms name. */
export async function zooSet(author: Author): Promise<ZooSet> {
  const items = canaryItems();
  const byte = secrets[author];
  const keys = { seed: byte.repeat(32), setId: byte.repeat(16), authorKeyId: byte.repeat(32) };
  const committed = await commitItems({ ...keys, items: items.map(itemBytes) });
  const targets = items.map((item, index) => {
    const { targetKey } = committed.openItem(index);
    const place = { nonce: round.randomness, setId: keys.setId, index, options };
    return item.options[targetOf(targetKey, place)]!;
  });
  return { ...committed, setId: keys.setId, authorKeyId: keys.authorKeyId, targets };
}
