import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { redactionIdSchema } from "./schema";

/** Drops a proposed redaction. What has been carried out cannot be dropped. */
export async function discardRedaction(ctx: Context, redactionId: string): Promise<void> {
  const userId = memberOf(ctx.viewer);
  if (ctx.viewer.role !== "moderator" && ctx.viewer.role !== "admin") throw new AppError("not-allowed");
  const id = parseInput(redactionIdSchema, redactionId);
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM log_redaction WHERE id = ${id} FOR UPDATE`;
    const row = await tx.logRedaction.findUnique({ where: { id } });
    if (row === null) throw new AppError("not-found");
    if (row.erasedAt !== null) throw new AppError("wrong-state");
    await tx.logRedaction.delete({ where: { id } });
    await tx.auditEvent.create({
      data: {
        actorId: userId,
        action: "log.discard-redaction",
        subject: id,
        data: { act: row.dedupKey, scope: row.scope, reason: row.reason },
        createdAt: ctx.clock.now(),
      },
    });
  });
}
