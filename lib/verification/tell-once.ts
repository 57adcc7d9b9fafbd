import type { Context } from "@/lib/platform/context";

export type SendMail = (mail: {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}) => Promise<void>;

/** Mails what a recall means for one case (or canary set) to these people, once each, however often it is asked. */
export async function tellOnce(
  ctx: Pick<Context, "db" | "clock">,
  about: { readonly recallId: string; readonly caseId: string },
  userIds: readonly string[],
  mail: { readonly subject: string; readonly text: string },
  sendMail: SendMail,
): Promise<void> {
  const people = await ctx.db.user.findMany({
    where: { id: { in: [...userIds] }, email: { not: null }, deletedAt: null },
    orderBy: { id: "asc" },
    select: { id: true, email: true },
  });
  for (const { id: userId, email } of people) {
    const key = { ...about, userId };
    if ((await ctx.db.methodRecallNotice.count({ where: key })) > 0) continue;
    // Sent first: whoever is told twice after a crash is better off than whoever is not told at all.
    await sendMail({ to: email ?? "", ...mail });
    await ctx.db.methodRecallNotice.createMany({
      data: [{ ...key, sentAt: ctx.clock.now() }],
      skipDuplicates: true,
    });
  }
}
