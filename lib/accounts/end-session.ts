import { memberOf } from "@/lib/platform/context/member-of";
import { parseInput } from "@/lib/platform/errors/parse-input";
import type { AccountContext } from "./account-context";
import { endSessionInput } from "./schema";

/** Ends one of one's own sessions, on whatever device it is. */
export async function endSession(ctx: AccountContext, input: unknown): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { sessionId } = parseInput(endSessionInput, input);
  await ctx.db.session.deleteMany({ where: { id: sessionId, userId } });
}
