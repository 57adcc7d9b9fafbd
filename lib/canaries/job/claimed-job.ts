import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { Prisma } from "@/lib/platform/database/generated/client";
import { afterJobEvent, type JobEvent, type JobState } from "@/lib/platform/jobs/job-state";
import { type LifeSigns, staleMs } from "@/lib/platform/jobs/watch-job";
import { notify } from "@/lib/platform/notify";
import { pagesChanged } from "@/lib/platform/pages";

/** The two jobs of canaries keep their state in tables of the same columns. */
export interface JobKind {
  readonly table: "canary_ask_job" | "canary_judge_job";
  /** Channel on which every change is told; the payload is the job's id. */
  readonly channel: string;
}

/** A job in the hands of this worker. `attempt` fences it: whoever claims it later has a higher one. */
export interface ClaimedJob {
  readonly id: string;
  readonly attempt: number;
  /** Of the set it is about: 32 hex digits. */
  readonly setId: string;
}

/** Column `failure`: a closed code with facts for the translated sentence. */
export interface JobFailure {
  readonly code: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

const tableOf = ({ table }: JobKind) => Prisma.raw(`"${table}"`);

interface Row {
  readonly state: JobState;
  readonly attempt: number;
  readonly set_id: string;
  readonly fresh: boolean;
}

/**
 * Marks a job as running, as the next attempt. Null when it has ended; "held" when another worker is alive on it: the
 * queue gave up on that one, so it waits for its next sign of life, or for none.
 */
export async function claimJob(
  ctx: Pick<Context, "db" | "clock">,
  kind: JobKind,
  id: string,
  signal: AbortSignal,
): Promise<ClaimedJob | null | "held"> {
  const giveUp = Date.now() + 2 * staleMs;
  for (;;) {
    const claimed = await tryClaim(ctx, kind, id);
    if (claimed !== "held" || Date.now() > giveUp || signal.aborted) return claimed;
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

/** By the database's clock alone: those of two machines may differ by more than a sign of life. */
async function tryClaim(
  ctx: Pick<Context, "db" | "clock">,
  kind: JobKind,
  id: string,
): Promise<ClaimedJob | null | "held"> {
  return ctx.db.$transaction(async (tx) => {
    const row = await lockedRow(tx, kind, id);
    const state = row === null ? null : afterJobEvent(row.state, "claim");
    if (row === null || state === null) return null;
    if (row.state === "running" && row.fresh) return "held";
    const attempt = row.attempt + 1;
    await tx.$executeRaw`
      UPDATE ${tableOf(kind)}
      SET state = ${state}::run_state, attempt = ${attempt}, progress_at = clock_timestamp(), failure = NULL,
        started_at = coalesce(started_at, ${ctx.clock.now()})
      WHERE id = ${id}`;
    await told(tx, kind, id, row.set_id);
    return { id, attempt, setId: row.set_id };
  });
}

/** Progress, signs of life and the look-out for a cancellation of a claimed job. */
export function lifeSignsOf<Progress>(
  ctx: Pick<Context, "db">,
  kind: JobKind,
  { id, attempt }: ClaimedJob,
  onNotify: LifeSigns<Progress>["onNotify"],
): LifeSigns<Progress> {
  return {
    async write(progress) {
      const stored = progress === null ? null : JSON.stringify(progress);
      const count = await ctx.db.$executeRaw`
        UPDATE ${tableOf(kind)}
        SET progress_at = clock_timestamp(), progress = coalesce(${stored}::jsonb, progress)
        WHERE id = ${id} AND attempt = ${attempt} AND state = 'running'`;
      if (count > 0 && progress !== null) await notify(ctx.db, kind.channel, id);
      return count > 0;
    },
    async cancelAsked() {
      const rows = await ctx.db.$queryRaw<{ asked: boolean }[]>`
        SELECT cancel_requested_at IS NOT NULL AS asked FROM ${tableOf(kind)} WHERE id = ${id}`;
      return rows[0]?.asked === true;
    },
    onNotify,
  };
}

/** Moves a job if it is still this attempt's; false when it is not, and then nothing may be written for it. */
export async function moveJob(
  ctx: Pick<Context, "clock">,
  tx: Transaction,
  kind: JobKind,
  claimed: Pick<ClaimedJob, "id" | "attempt">,
  event: Exclude<JobEvent, "claim">,
  failure: JobFailure | null = null,
): Promise<boolean> {
  const row = await lockedRow(tx, kind, claimed.id);
  if (row === null || row.attempt !== claimed.attempt) return false;
  const state = afterJobEvent(row.state, event);
  if (state === null) return false;
  const stored = failure === null ? null : JSON.stringify(failure);
  const finishedAt = event === "interrupt" ? null : ctx.clock.now();
  await tx.$executeRaw`
    UPDATE ${tableOf(kind)}
    SET state = ${state}::run_state, failure = ${stored}::jsonb, finished_at = ${finishedAt}::timestamptz
    WHERE id = ${claimed.id}`;
  await told(tx, kind, claimed.id, row.set_id);
  return true;
}

/**
 * Stops a job: a waiting one here and now, a running one within a second or two (or it ends first). False when it has
 * ended already. The caller has decided who may.
 */
export async function cancelJob(
  ctx: Pick<Context, "clock">,
  tx: Transaction,
  kind: JobKind,
  id: string,
): Promise<boolean> {
  const row = await lockedRow(tx, kind, id);
  if (row === null || afterJobEvent(row.state, "cancel") === null) return false;
  const now = ctx.clock.now();
  if (row.state === "running")
    await tx.$executeRaw`
      UPDATE ${tableOf(kind)} SET cancel_requested_at = coalesce(cancel_requested_at, ${now}) WHERE id = ${id}`;
  else
    await tx.$executeRaw`
      UPDATE ${tableOf(kind)} SET state = 'cancelled', cancel_requested_at = ${now}, finished_at = ${now}
      WHERE id = ${id}`;
  await told(tx, kind, id, row.set_id);
  return true;
}

/** Every change is told to whoever looks at the job, and to the page of its set. */
export async function told(tx: Transaction, kind: JobKind, id: string, setId: string): Promise<void> {
  await notify(tx, kind.channel, id);
  await pagesChanged(tx, [`/canaries/${setId}`]);
}

/** The latest attempt at a job, with the job locked; null when there is none. */
export async function attemptOf(tx: Transaction, kind: JobKind, id: string): Promise<number | null> {
  return (await lockedRow(tx, kind, id))?.attempt ?? null;
}

async function lockedRow(tx: Transaction, kind: JobKind, id: string): Promise<Row | null> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT j.state::text AS state, j.attempt, s.set_id,
      coalesce(j.progress_at > clock_timestamp() - ${staleMs} * interval '1 millisecond', false) AS fresh
    FROM ${tableOf(kind)} j JOIN canary_set s ON s.id = j.canary_set_id
    WHERE j.id = ${id} FOR UPDATE OF j`;
  return rows[0] ?? null;
}
