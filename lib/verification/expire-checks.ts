import type { Context } from "@/lib/platform/context";

/**
 * Removes look-ups past their 30 days: look-up, run, result, and the capsule where nothing else refers to it. The
 * releases' rows stay: they say nothing about who looked.
 */
export async function expireChecks(ctx: Pick<Context, "db" | "clock" | "blobs">): Promise<number> {
  let removed = 0;
  for (;;) {
    const due = await ctx.db.check.findMany({
      where: { expiresAt: { lte: ctx.clock.now() } },
      orderBy: { expiresAt: "asc" },
      take: 100,
      select: { id: true, runId: true, run: { select: { result: { select: { capsuleSha256: true } } } } },
    });
    for (const { id, runId, run } of due) {
      await ctx.db.$transaction(async (tx) => {
        await tx.check.deleteMany({ where: { id } });
        await tx.runResult.deleteMany({ where: { runId } });
        await tx.runInput.deleteMany({ where: { runId } });
        await tx.run.deleteMany({ where: { id: runId, caseId: null } });
      });
      if (run.result !== null) await forgetCapsule(ctx, run.result.capsuleSha256);
      removed += 1;
    }
    if (due.length < 100) return removed;
  }
}

/** A capsule is byte-identical for the same run: a case's run may rest on the same blob. */
async function forgetCapsule(ctx: Pick<Context, "db" | "blobs">, sha256: string): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    // Whoever stores a result takes the same lock: one waits for the other (run-end.ts, holdCapsule).
    await tx.$queryRaw`SELECT sha256 FROM blob WHERE sha256 = ${sha256} FOR UPDATE`;
    if ((await tx.runResult.count({ where: { capsuleSha256: sha256 } })) > 0) return;
    await ctx.blobs.delete(sha256);
    await tx.blob.deleteMany({ where: { sha256 } });
  });
}
