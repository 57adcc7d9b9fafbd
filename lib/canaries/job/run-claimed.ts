import type { Context } from "@/lib/platform/context";
import { type JobWatch, type LifeSigns, watchJob } from "@/lib/platform/jobs/watch-job";
import { log } from "@/lib/platform/telemetry";
import {
  attemptOf,
  type ClaimedJob,
  claimJob,
  type JobFailure,
  type JobKind,
  lifeSignsOf,
  moveJob,
} from "./claimed-job";

/** Another worker has the job, or it has ended: what this attempt does counts for nothing. */
export class LostJob extends Error {
  override readonly name = "LostJob";
}

export interface ClaimedWork<Progress> {
  readonly kind: JobKind;
  /** Aborts when the worker stops or the queue took the job away: it goes back to the queue. */
  readonly signal: AbortSignal;
  readonly onNotify: LifeSigns<Progress>["onNotify"];
  /** Does the work and stores what came of it, the job's end included. */
  readonly work: (claimed: ClaimedJob, watch: JobWatch<Progress>) => Promise<void>;
  readonly failureOf: (error: unknown) => JobFailure;
  /** Whether the job is handed out once more after this failure; left out, it never is. */
  readonly mayTryAgain?: (failure: JobFailure, claimed: ClaimedJob) => boolean;
  /** Runs once the job has failed or was cancelled. */
  readonly afterEnd?: () => Promise<unknown>;
}

/**
 * Takes a queued job (or one whose worker died) and does its work until it is done, fails, is cancelled, or another
 * worker has it. "again": the queue is to hand it out once more.
 */
export async function runClaimed<Progress>(
  ctx: Context,
  jobId: string,
  { kind, signal, onNotify, work, failureOf, mayTryAgain, afterEnd }: ClaimedWork<Progress>,
): Promise<"done" | "again"> {
  const claimed = await claimJob(ctx, kind, jobId, signal);
  if (claimed === null) return "done";
  if (claimed === "held") return "again";
  const watch = watchJob(jobId, lifeSignsOf(ctx, kind, claimed, onNotify), signal);
  const interrupt = async (failure: JobFailure | null) => {
    await watch.stop();
    await ctx.db.$transaction((tx) => moveJob(ctx, tx, kind, claimed, "interrupt", failure));
    return "again" as const;
  };
  const end = async (event: "fail" | "cancel", failure: JobFailure | null) => {
    await watch.stop();
    await ctx.db.$transaction((tx) => moveJob(ctx, tx, kind, claimed, event, failure));
    await afterEnd?.();
    return "done" as const;
  };
  try {
    await work(claimed, watch);
    await watch.stop();
    return "done";
  } catch (error) {
    if (error instanceof LostJob || watch.reason() === "lost") return "done";
    if (watch.reason() === "cancel") return end("cancel", null);
    if (watch.reason() === "stop") return interrupt(null);
    const failure = failureOf(error);
    if (failure.code === "internal") log.error({ err: error, jobId, table: kind.table }, "a job failed");
    return mayTryAgain?.(failure, claimed) ? interrupt(failure) : end("fail", failure);
  } finally {
    await watch.stop();
  }
}

/** The queue gave up on a job: its workers died again and again. */
export async function failAbandonedJob(ctx: Context, kind: JobKind, jobId: string): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const attempt = await attemptOf(tx, kind, jobId);
    if (attempt === null) return;
    const failure = { code: "worker-lost", detail: { attempts: attempt } };
    await moveJob(ctx, tx, kind, { id: jobId, attempt }, "fail", failure);
  });
}
