import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { cancelJob } from "../job/claimed-job";
import { askKind } from "./kind";
import { mayCancel } from "./policy";
import { cancelAskSchema } from "./schema";

/** Stops a questioning. Errors: sign-in-required, invalid-input, not-found, not-allowed, already-done. */
export async function cancelAsk(ctx: Context, input: { readonly jobId: string }): Promise<void> {
  memberOf(ctx.viewer);
  const { jobId } = parseInput(cancelAskSchema, input);
  await ctx.db.$transaction(async (tx) => {
    const job = await tx.canaryAskJob.findUnique({ where: { id: jobId } });
    if (job === null) throw new AppError("not-found");
    const live = job.state === "queued" || job.state === "running";
    if (live && !mayCancel(ctx.viewer, job)) throw new AppError("not-allowed");
    if (!live || !(await cancelJob(ctx, tx, askKind, jobId))) throw new AppError("already-done");
  });
}
