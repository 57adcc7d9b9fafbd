import { memberOf } from "@/lib/platform/context/member-of";
import { parseInput } from "@/lib/platform/errors/parse-input";
import type { AccountContext } from "./account-context";
import { deleteAccountInput } from "./schema";

/**
 * Deletes an account: address, identities, sessions and role go; the row and its public name stay, because
 * public acts keep their author (PRODUCT, rule 5: nothing public is deleted).
 */
export async function deleteAccount(ctx: AccountContext, input: unknown): Promise<void> {
  const userId = memberOf(ctx.viewer);
  parseInput(deleteAccountInput, input);
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
    if (email !== null) await tx.verificationToken.deleteMany({ where: { identifier: email } });
    await tx.session.deleteMany({ where: { userId } });
    await tx.account.deleteMany({ where: { userId } });
    await tx.user.update({
      where: { id: userId },
      data: { email: null, emailVerified: null, image: null, role: "member", deletedAt: ctx.clock.now() },
    });
    await tx.auditEvent.create({
      data: { actorId: userId, action: "account-deleted", subject: userId, data: {} },
    });
  });
}
