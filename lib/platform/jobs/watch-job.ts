import { log } from "@/lib/platform/telemetry";

/** A worker with a job in hand writes a sign of life this often … */
const lifeSignMs = 2_000;
/** … and without one for this long the job may be taken over. */
export const staleMs = 6_000;
/** Progress is stored at most this often: four times a second. */
const progressMs = 250;

/** cancel: somebody asked. stop: this worker ends. lost: the job is no longer ours. */
type StopReason = "cancel" | "stop" | "lost";

export interface JobWatch<Progress> {
  /** Aborts when the work has to stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  reason(): StopReason | null;
  /** Ends the watching; resolves when nothing more will be written. */
  stop(): Promise<void>;
}

/** How a claimed job shows in the database that it is alive. */
export interface LifeSigns<Progress> {
  /** Writes a sign of life, with the progress where there is a new one; false when the job is no longer ours. */
  write(progress: Progress | null): Promise<boolean>;
  /** Whether somebody asked that it stops. */
  cancelAsked(): Promise<boolean>;
  /** Calls back with the id of a job that changed (null: look for yourself). Returns how to stop. */
  readonly onNotify: (callback: (id: string | null) => void) => () => void;
}

/** Writes progress and signs of life of a claimed job, and looks whether it should stop. */
export function watchJob<Progress>(
  id: string,
  signs: LifeSigns<Progress>,
  signal: AbortSignal,
): JobWatch<Progress> {
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
    if (!(await signs.write(progress))) return end("lost");
    if (await signs.cancelAsked()) end("cancel");
  };

  // One write at a time; a database that is away for a moment is tried again with the next tick.
  const tick = () => {
    const due = Date.now() - lastWrite >= (unsaved ? progressMs : lifeSignMs);
    if (!due || stopped || writing !== null) return;
    writing = write()
      .catch((error) => log.warn({ err: error, job: id }, "progress was not stored"))
      .finally(() => {
        writing = null;
      });
  };
  const timer = setInterval(tick, 50);

  const unsubscribe = signs.onNotify((changed) => {
    if (changed !== null && changed !== id) return;
    // Our own notifications arrive too: look only when something else may have happened.
    signs.cancelAsked().then(
      (asked) => asked && end("cancel"),
      () => undefined,
    );
  });

  const onStop = () => end("stop");
  if (signal.aborted) onStop();
  else signal.addEventListener("abort", onStop, { once: true });

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
      signal.removeEventListener("abort", onStop);
      await writing;
    },
  };
}
