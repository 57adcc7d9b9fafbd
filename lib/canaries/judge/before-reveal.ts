import { orderOf } from "@/lib/ledger/server";
import type { Database } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { loggedStep } from "../log-steps";

/**
 * Whether answers were in the log before anybody could read an item: by the checkpoint that the first reveal cites. A
 * generator's items are public from the nonce on and hold no secret.
 */
export async function isBeforeReveal(
  db: Database,
  set: Pick<CanarySet, "id" | "setId" | "kind">,
  answersId: string,
): Promise<boolean> {
  if (set.kind === "generator") return true;
  const [responses, reveal, revealed] = await Promise.all([
    loggedStep(db, `responses:${answersId}`),
    loggedStep(db, `reveal:${set.setId}:1`),
    db.canaryReveal.count({ where: { canarySetId: set.id } }),
  ]);
  if (revealed === 0) return true;
  if (responses === null || reveal === null) return false;
  return (await orderOf(db, responses.index, reveal)).ordered;
}
