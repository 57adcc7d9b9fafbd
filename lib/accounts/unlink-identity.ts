import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import type { AccountContext } from "./account-context";
import { unlinkIdentityInput } from "./schema";

/** Removes a linked identity, unless it is the last way in. */
export async function unlinkIdentity(ctx: AccountContext, input: unknown): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { accountId } = parseInput(unlinkIdentityInput, input);
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const user = await tx.user.findUniqueOrThrow({ where: { id: userId }, include: { accounts: true } });
    if (!user.accounts.some((account) => account.id === accountId)) throw new AppError("not-found");
    if (user.email === null && user.accounts.length === 1)
      throw new AppError("wrong-state", { fields: { accountId: "last-way-in" } });
    await tx.account.delete({ where: { id: accountId } });
  });
}
