import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { type Held, untilPublic } from "./append-entry";

/** How long the log waits for an author's signature before the instance signs. */
export const holdMs = 30 * 60_000;

/**
 * For acts whose author may want to sign them with a key of their own (sign-held-act.ts): what `recordAct` is to be given.
 * Nothing without the wish for it; then the instance signs at once.
 */
export function heldForAuthor(
  ctx: Pick<Context, "viewer" | "clock">,
  ownKey: boolean | undefined,
): { readonly held?: Held } {
  if (ownKey !== true) return {};
  return { held: { until: new Date(ctx.clock.now().getTime() + holdMs), forId: memberOf(ctx.viewer) } };
}

/** The author is waited for no longer: the instance signs. What waits for its page to be public goes on doing so. */
export async function leaveToInstance(
  tx: Pick<Transaction, "$executeRaw">,
  act: { readonly dedupKey: string },
): Promise<number> {
  return tx.$executeRaw`
    UPDATE log_pending SET held_for_id = NULL, held_until = CASE WHEN held_until = ${untilPublic}::timestamptz THEN held_until END
    WHERE dedup_key = ${act.dedupKey} AND held_for_id IS NOT NULL`;
}
