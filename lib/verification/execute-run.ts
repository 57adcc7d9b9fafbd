import type { Context } from "@/lib/platform/context";
import { passing } from "@/lib/platform/jobs/passing";
import { log } from "@/lib/platform/telemetry";
import { type ClaimedRun, claimRun } from "./run-claim";
import { cancelClaimed, failClaimed, finishRun, interruptRun, removeCapsule, removeLeaves } from "./run-end";
import { runProcess } from "./run-process";
import { watchRun } from "./run-watch";
import type { RunFailure } from "./schema";

export interface ExecuteOptions {
  /** The engine bundle, and its SHA-256 as published by `publishEngineBuild`. */
  readonly bundle: { readonly path: string; readonly sha256: string };
  /** Where capsules are written before they go to the blob store. */
  readonly temporaryFolder: string;
  readonly timeLimitMs: number;
  readonly memoryLimitBytes: number;
  /** Attempts at a source that does not answer, before the run fails. */
  readonly maxAttempts: number;
  /** Aborts when the worker stops or the queue took the job away: the run goes back to the queue. */
  readonly signal: AbortSignal;
  /** Calls back when something about runs was notified (null: look for yourself). Returns how to stop. */
  readonly onNotify: (callback: (runId: string | null) => void) => () => void;
}

/**
 * Takes a queued run (or one whose worker died), executes it in a child process and stores how it ended.
 * "again": the queue is to hand it out once more. Any number of workers may call this for one run: there is one result.
 */
export async function executeRun(
  ctx: Context,
  runId: string,
  options: ExecuteOptions,
): Promise<"done" | "again"> {
  const run = await claimRun(ctx, runId, options.signal);
  if (run === null) return "done";
  const watch = watchRun(ctx, run, options);
  const done = async (how: "done" | "again") => {
    // What a full read has done stays for the next attempt, on this machine.
    if (how === "done") await removeLeaves(run, options.temporaryFolder);
    return how;
  };
  try {
    const end = await runProcess(ctx, run, {
      ...options,
      signal: watch.signal,
      onProgress: watch.onProgress,
    });
    await watch.stop();
    if (end.kind === "done") {
      await finishRun(ctx, run, { ...end, build: options.bundle.sha256 });
      return done("done");
    }
    if (watch.reason() === "cancel") {
      await cancelClaimed(ctx, run);
      return done("done");
    }
    // Another worker has it, or the run has ended: nothing of this attempt counts.
    if (watch.reason() === "lost") return "done";
    if (watch.reason() === "stop") {
      await interruptRun(ctx, run, null);
      return done("again");
    }
    return done(await failed(ctx, run, end.failure, options));
  } catch (error) {
    log.error({ err: error, runId }, "run could not be executed");
    return done(await failed(ctx, run, { code: "internal", detail: {} }, options));
  } finally {
    await watch.stop();
    await removeCapsule(run, options.temporaryFolder);
  }
}

async function failed(
  ctx: Context,
  run: ClaimedRun,
  failure: RunFailure,
  options: ExecuteOptions,
): Promise<"done" | "again"> {
  if (passing.has(failure.code) && run.attempt < options.maxAttempts) {
    await interruptRun(ctx, run, failure);
    return "again";
  }
  await failClaimed(ctx, run, failure);
  return "done";
}
