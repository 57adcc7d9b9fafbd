import type { CanaryItem } from "@/lib/engine/canary";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { openItems } from "./ask/open-items";
import { drawnOf } from "./drawn-items";

/**
 * The items of a set as far as everybody knows all of them: a generator's once its nonce is known, others' once every
 * one is revealed. Null before, and where one was redacted.
 */
export async function knownItems(
  db: Database | Transaction,
  set: CanarySet,
): Promise<readonly CanaryItem[] | null> {
  if (set.kind === "generator") return drawnOf(set);
  const revealed = await db.canaryReveal.count({ where: { canarySetId: set.id, redactionId: null } });
  if (revealed < set.items) return null;
  return (await openItems(db, set)).map(({ item }) => item);
}
