import { type CanaryItem, parseItem } from "@/lib/engine/canary";
import type { Database, Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
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
  const rows = await db.canaryReveal.findMany({
    where: { canarySetId: set.id },
    orderBy: { index: "asc" },
    select: { opening: true },
  });
  return rows.map(({ opening }) => parseItem((JSON.parse(opening) as { item: string }).item));
}
