import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { notify } from "@/lib/platform/notify";
import { pagesChanged } from "@/lib/platform/pages";
import { mayManage } from "./policy";
import { cancelFingerprintSchema } from "./schema";

/** Channel on which every change of a computation is told; the payload is its id. */
export const fingerprintChannel = "slipmark_fingerprint";

/**
 * Stops a computation: a waiting one here and now, a running one within a second or two.
 * Errors: sign-in-required, invalid-input, not-found, not-allowed, already-done.
 */
export async function cancelFingerprint(ctx: Context, input: { readonly jobId: string }): Promise<void> {
  memberOf(ctx.viewer);
  const { jobId } = parseInput(cancelFingerprintSchema, input);
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "fingerprint_job" WHERE "id" = ${jobId} FOR UPDATE`;
    const job = await tx.fingerprintJob.findUnique({ where: { id: jobId }, include: { model: true } });
    if (job === null) throw new AppError("not-found");
    if (!mayManage(ctx.viewer, job.model)) throw new AppError("not-allowed");
    if (job.state !== "queued" && job.state !== "running") throw new AppError("already-done");
    const now = ctx.clock.now();
    await tx.fingerprintJob.update({
      where: { id: jobId },
      data:
        job.state === "running"
          ? { cancelRequestedAt: job.cancelRequestedAt ?? now }
          : { state: "cancelled", cancelRequestedAt: now, finishedAt: now },
    });
    await notify(tx, fingerprintChannel, jobId);
    await pagesChanged(tx, [`/models/${job.modelId}`]);
  });
}
