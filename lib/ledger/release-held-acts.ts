import type { Transaction } from "@/lib/platform/database";
import { notify } from "@/lib/platform/notify";
import { logChannel, untilPublic } from "./append-entry";
import { holdMs } from "./hold-for-author";

/**
 * The page is public: what was recorded about it meanwhile goes into the log, in the order in which it happened. What an
 * author wants to sign themselves and has not signed keeps its own half hour.
 */
export async function releaseHeldActs(tx: Transaction, about: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE log_pending SET held_until =
      CASE WHEN held_for_id IS NOT NULL AND signature IS NULL THEN t + ${holdMs}::int * interval '1 millisecond' END
    WHERE about = ${about} AND held_until = ${untilPublic}::timestamptz`;
  await notify(tx, logChannel, "");
}
