import { createHash } from "node:crypto";
import type { CommitSetInput } from "@/lib/canaries";
import { authorKeyIdOf } from "@/lib/canaries/server";
import { type CanaryItem, commitItems, itemBytes } from "@/lib/engine/canary";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * The commitment of the example author: 24 random-label items, without terms. Everything, the secret too, comes from a
 * public seed text, so it protects nothing; it shows what a commitment looks like.
 */
export async function exampleCommitment(authorId: string): Promise<CommitSetInput> {
  const options = Array.from({ length: 16 }, (_, index) => `colour-${index + 1}`);
  const items = Array.from({ length: 24 }, (_, index): CanaryItem => {
    return { id: `item-${index + 1}`, options, prompt: `Which colour has token ${index + 1}?` };
  });
  const setId = sha256("slipmark example canary set").slice(0, 32);
  const { root } = await commitItems({
    seed: sha256("slipmark example canary seed"),
    setId,
    authorKeyId: authorKeyIdOf(authorId),
    items: items.map(itemBytes),
  });
  return { setId, root, items: items.length, kind: "random-label" };
}
