import { type CanaryTerms, deadlineEnds, isTrustedChain, timeOfRound } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";

/** How far ahead a nonce may lie in a log that grows slowly. */
const mostEntriesAhead = 1_000_000;

/**
 * Refuses a beacon that cannot make an honest nonce: a chain whose key somebody concerned may hold, a round or a
 * checkpoint that is known already, one that comes after the deadline. At the field "terms.beacon".
 */
export async function requireBeacon(
  ctx: Pick<Context, "db" | "settings">,
  terms: CanaryTerms,
  now: Date,
): Promise<void> {
  const refuse = (code: string) => new AppError("invalid-input", { fields: { "terms.beacon": code } });
  const { beacon } = terms;
  if (beacon.kind === "drand") {
    if (!isTrustedChain(beacon, ctx.settings.drand?.trusted)) throw refuse("unknown-chain");
    const at = timeOfRound(beacon);
    if (at <= now.getTime()) throw refuse("known-already");
    if (at >= deadlineEnds(terms)) throw refuse("after-deadline");
  }
  if (beacon.kind === "log-checkpoint") {
    const state = await ctx.db.logState.findUnique({ where: { id: 1 } });
    const size = Number(state?.size ?? 0);
    // The commitment itself has to be inside: it becomes one of the entries that follow.
    if (beacon.size <= size) throw refuse("known-already");
    if (beacon.size > size + mostEntriesAhead) throw refuse("after-deadline");
  }
}
