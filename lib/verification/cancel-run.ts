import { appendCaseEvent } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";
import { pagesChanged } from "@/lib/platform/pages";
import { runNotify } from "./notify-run";
import { mayCancelRun } from "./policy";
import { afterRunEvent, hasEnded } from "./state";

/**
 * Stops a run. A queued one is cancelled here and now; of a running one the worker is told, and cancels it within
 * a second or two (or it ends first: then its result stands).
 */
export async function cancelRun(ctx: Context, input: { readonly runId: string }): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM run WHERE id = ${input.runId} FOR UPDATE`;
    const run = await tx.run.findUnique({
      where: { id: input.runId },
      include: { case: { select: { publicId: true } } },
    });
    if (run === null) throw new AppError("not-found");
    if (ctx.viewer.userId === null) throw new AppError("sign-in-required");
    if (hasEnded(run.state)) throw new AppError("already-done", { detail: { state: run.state } });
    if (!mayCancelRun(ctx.viewer, run)) throw new AppError("not-allowed");
    const now = ctx.clock.now();
    if (run.state === "running") {
      await tx.run.update({
        where: { id: run.id },
        data: { cancelRequestedAt: run.cancelRequestedAt ?? now },
      });
    } else {
      await tx.run.update({
        where: { id: run.id },
        data: { state: afterRunEvent(run.state, "cancel")!, cancelRequestedAt: now, finishedAt: now },
      });
      if (run.caseId !== null) {
        await appendCaseEvent(
          tx,
          run.caseId,
          { type: "run-cancelled", data: { runId: run.id } },
          { actorId: ctx.viewer.userId, at: now },
        );
        if (run.case?.publicId) await pagesChanged(tx, [`/cases/${run.case.publicId}`, `/runs/${run.id}`]);
      }
    }
    await runNotify(tx, run.id);
  });
}
