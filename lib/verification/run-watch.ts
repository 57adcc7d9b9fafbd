import type { Context } from "@/lib/platform/context";
import { log } from "@/lib/platform/telemetry";
import { runNotify } from "./notify-run";
import { type ClaimedRun, lifeSignMs } from "./run-claim";
import type { Progress } from "./schema";

/** Progress is stored at most this often: four times a second. */
const progressMs = 250;

/** cancel: somebody asked. stop: this worker ends. lost: the run is no longer ours. */
export type StopReason = "cancel" | "stop" | "lost";

export interface RunWatch {
  /** Aborts when the child has to stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  reason(): StopReason | null;
  /** Ends the watching; resolves when nothing more will be written. */
  stop(): Promise<void>;
}

/**
 * Keeps a claimed run alive in the database (progress, signs of life) and looks whether it should stop. Every write
 * names the attempt: if it meets no row, somebody else has the run.
 */
export function watchRun(
  ctx: Context,
  run: ClaimedRun,
  options: {
    readonly signal: AbortSignal;
    readonly onNotify: (callback: (runId: string | null) => void) => () => void;
  },
): RunWatch {
  const abort = new AbortController();
  let reason: StopReason | null = null;
  let latest: Progress | null = null;
  let unsaved = false;
  let lastWrite = Date.now();
  let writing: Promise<void> | null = null;
  let stopped = false;

  const end = (why: StopReason) => {
    if (stopped || reason !== null) return;
    reason = why;
    abort.abort();
  };

  const write = async () => {
    const progress = unsaved ? latest : null;
    unsaved = false;
    lastWrite = Date.now();
    const stored = progress === null ? null : JSON.stringify(progress);
    const count = await ctx.db.$executeRaw`
      UPDATE run SET progress_at = clock_timestamp(), progress = coalesce(${stored}::jsonb, progress)
      WHERE id = ${run.id} AND attempt = ${run.attempt} AND state = 'running'`;
    if (count === 0) return end("lost");
    if (progress !== null) await runNotify(ctx.db, run.id);
    const row = await ctx.db.run.findUnique({ where: { id: run.id }, select: { cancelRequestedAt: true } });
    if (row?.cancelRequestedAt) end("cancel");
  };

  // One write at a time; a database that is away for a moment is tried again with the next tick.
  const tick = () => {
    const due = Date.now() - lastWrite >= (unsaved ? progressMs : lifeSignMs);
    if (!due || stopped || writing !== null) return;
    writing = write()
      .catch((error) => log.warn({ err: error, runId: run.id }, "progress was not stored"))
      .finally(() => {
        writing = null;
      });
  };
  const timer = setInterval(tick, 50);

  const unsubscribe = options.onNotify((runId) => {
    if (runId !== null && runId !== run.id) return;
    // Our own notifications arrive too: look only when something else may have happened.
    ctx.db.run
      .findUnique({ where: { id: run.id }, select: { cancelRequestedAt: true } })
      .then((row) => {
        if (row?.cancelRequestedAt) end("cancel");
      })
      .catch(() => undefined);
  });

  const onStop = () => end("stop");
  if (options.signal.aborted) onStop();
  else options.signal.addEventListener("abort", onStop, { once: true });

  return {
    signal: abort.signal,
    reason: () => reason,
    onProgress(progress) {
      latest = progress;
      unsaved = true;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      unsubscribe();
      options.signal.removeEventListener("abort", onStop);
      await writing;
    },
  };
}
