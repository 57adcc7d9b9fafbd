import { memberOf } from "@/lib/platform/context/member-of";
import { parseInput } from "@/lib/platform/errors/parse-input";
import type { AccountContext } from "./account-context";
import { renameAccountInput } from "./schema";

/** Changes the public name. Earlier acts show the new name too: they belong to the same account. */
export async function renameAccount(ctx: AccountContext, input: unknown): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { name } = parseInput(renameAccountInput, input);
  await ctx.db.user.update({ where: { id: userId }, data: { name } });
}
