import { randomBytes } from "node:crypto";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import type { AccountContext } from "./account-context";
import { setupInput } from "./schema";
import { hasAdministrator, hashSetupToken } from "./setup-link";

/** Whether a token still opens the door. */
export async function setupLinkIsOpen(ctx: AccountContext, token: string): Promise<boolean> {
  const link = await ctx.db.setupLink.findUnique({ where: { tokenHash: hashSetupToken(token) } });
  return link !== null && link.usedAt === null && !(await hasAdministrator(ctx.db));
}

/**
 * Uses the one-time link: the opener becomes administrator under the given name and address and is signed in.
 * Who holds the link read it on the machine's own terminal, so the address needs no mail to be believed.
 */
export async function redeemSetupLink(
  ctx: AccountContext,
  token: string,
  input: unknown,
): Promise<{ sessionToken: string; expires: Date }> {
  const { name, email } = parseInput(setupInput, input);
  const now = ctx.clock.now();
  const expires = new Date(now.getTime() + 30 * 24 * 3600 * 1000);
  const sessionToken = randomBytes(32).toString("hex");
  await ctx.db.$transaction(async (tx) => {
    // The link is for an instance without one: printed before another way was taken, it opens nothing any more.
    if (await hasAdministrator(tx)) throw new AppError("already-done");
    const taken = await tx.setupLink.updateMany({
      where: { tokenHash: hashSetupToken(token), usedAt: null },
      data: { usedAt: now },
    });
    if (taken.count === 0) throw new AppError("already-done");
    const user = await tx.user.upsert({
      where: { email },
      create: { id: newId("usr"), name, email, emailVerified: now, role: "admin" },
      update: { name, role: "admin" },
    });
    await tx.setupLink.update({ where: { tokenHash: hashSetupToken(token) }, data: { usedById: user.id } });
    await tx.session.create({ data: { id: newId("ses"), sessionToken, userId: user.id, expires } });
    await tx.auditEvent.create({
      data: {
        actorId: user.id,
        action: "role-granted",
        subject: user.id,
        data: { role: "admin", by: "setup-link" },
      },
    });
  });
  return { sessionToken, expires };
}
