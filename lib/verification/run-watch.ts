import type { Context } from "@/lib/platform/context";
import { type JobWatch, type LifeSigns, watchJob } from "@/lib/platform/jobs/watch-job";
import { runNotify } from "./notify-run";
import type { ClaimedRun } from "./run-claim";
import type { Progress } from "./schema";

/** Keeps a claimed run alive in the database. Every write names the attempt: if it meets no row, somebody else has it. */
export function watchRun(
  ctx: Context,
  run: ClaimedRun,
  options: { readonly signal: AbortSignal; readonly onNotify: LifeSigns<Progress>["onNotify"] },
): JobWatch<Progress> {
  const signs: LifeSigns<Progress> = {
    async write(progress) {
      const stored = progress === null ? null : JSON.stringify(progress);
      const count = await ctx.db.$executeRaw`
        UPDATE run SET progress_at = clock_timestamp(), progress = coalesce(${stored}::jsonb, progress)
        WHERE id = ${run.id} AND attempt = ${run.attempt} AND state = 'running'`;
      if (count > 0 && progress !== null) await runNotify(ctx.db, run.id);
      return count > 0;
    },
    async cancelAsked() {
      const row = await ctx.db.run.findUnique({
        where: { id: run.id },
        select: { cancelRequestedAt: true },
      });
      return row?.cancelRequestedAt != null;
    },
    onNotify: options.onNotify,
  };
  return watchJob(run.id, signs, options.signal);
}
