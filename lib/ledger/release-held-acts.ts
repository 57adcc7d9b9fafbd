import type { Transaction } from "@/lib/platform/database";
import { notify } from "@/lib/platform/notify";
import { logChannel } from "./append-entry";

/** For `held.until` of acts about a page that is not public yet: until it is. */
export const untilPublic = new Date("9999-12-31T00:00:00.000Z");

/** The page is public: what was recorded about it meanwhile goes into the log, in the order in which it happened. */
export async function releaseHeldActs(tx: Transaction, about: string): Promise<void> {
  await tx.logPending.updateMany({
    where: { about, heldForId: null, heldUntil: { not: null } },
    data: { heldUntil: null },
  });
  await notify(tx, logChannel, "");
}
