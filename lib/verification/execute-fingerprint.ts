import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "@/lib/engine/errors";
import { parseFingerprint } from "@/lib/engine/fingerprint/document";
import type { FingerprintJob } from "@/lib/engine/run-job";
import type { Context } from "@/lib/platform/context";
import { Prisma } from "@/lib/platform/database/generated/client";
import { passing } from "@/lib/platform/jobs/passing";
import { type LifeSigns, staleMs, watchJob } from "@/lib/platform/jobs/watch-job";
import { notify } from "@/lib/platform/notify";
import { pagesChanged } from "@/lib/platform/pages";
import { log } from "@/lib/platform/telemetry";
import { fingerprintChannel, fingerprintLimit, storeFingerprint } from "@/lib/registry/server";
import type { ExecuteOptions } from "./execute-run";
import { childProcess, surroundingsOf } from "./run-process";
import type { Progress, RunFailure } from "./schema";
import { afterRunEvent } from "./state";

interface ClaimedJob {
  readonly id: string;
  readonly modelId: string;
  readonly attempt: number;
  readonly job: FingerprintJob["fingerprint"];
}

/**
 * Takes a queued computation of a fingerprint (or one whose worker died), executes it as runs are executed, and stores
 * what came out. "again": the queue is to hand it out once more.
 */
export async function executeFingerprint(
  ctx: Context,
  jobId: string,
  options: ExecuteOptions,
): Promise<"done" | "again"> {
  const claimed = await claim(ctx, jobId);
  if (claimed === null) return "done";
  if (claimed === "held") return "again";
  const leafFolder = join(options.temporaryFolder, `${claimed.id}-leaves`);
  const watch = watchJob(claimed.id, lifeSigns(ctx, claimed, options), options.signal);
  let finished = true;
  try {
    const end = await childProcess(
      ctx,
      claimed.id,
      { fingerprint: claimed.job, leafFolder, ...surroundingsOf(ctx, options.bundle.sha256) },
      { ...options, signal: watch.signal, onProgress: watch.onProgress },
    );
    await watch.stop();
    if (end.kind === "done") {
      await store(ctx, claimed, end.document, options.bundle.sha256);
      return "done";
    }
    if (watch.reason() === "cancel") {
      await move(ctx, claimed, "cancel", {});
      return "done";
    }
    if (watch.reason() === "lost") {
      finished = false;
      return "done";
    }
    const again = watch.reason() === "stop" || passing.has(end.failure.code);
    if (again && (watch.reason() === "stop" || claimed.attempt < options.maxAttempts)) {
      finished = false;
      await move(ctx, claimed, "interrupt", { failure: watch.reason() === "stop" ? null : end.failure });
      return "again";
    }
    await move(ctx, claimed, "fail", { failure: end.failure });
    return "done";
  } catch (error) {
    log.error({ err: error, jobId }, "fingerprint could not be computed");
    await move(ctx, claimed, "fail", { failure: failureOf(error) });
    return "done";
  } finally {
    await watch.stop();
    // What was read stays for the next attempt, on this machine.
    if (finished) await rm(leafFolder, { recursive: true, force: true });
  }
}

/** The queue gave up: its workers died again and again. */
export async function failAbandonedFingerprint(ctx: Context, jobId: string): Promise<void> {
  const row = await ctx.db.fingerprintJob.findUnique({ where: { id: jobId } });
  if (row === null) return;
  const failure = { code: "worker-lost", detail: { attempts: row.attempt } };
  await move(ctx, { id: row.id, modelId: row.modelId, attempt: row.attempt }, "fail", { failure });
}

function failureOf(error: unknown): RunFailure {
  if (error instanceof EngineError) return { code: error.code, detail: { ...error.detail } };
  return { code: "internal", detail: {} };
}

async function claim(ctx: Context, jobId: string): Promise<ClaimedJob | null | "held"> {
  return ctx.db.$transaction(async (tx) => {
    // By the database's clock alone, as for runs.
    const [sign] = await tx.$queryRaw<{ now: Date; fresh: boolean }[]>`
      SELECT clock_timestamp() AS now,
        coalesce(progress_at > clock_timestamp() - ${staleMs} * interval '1 millisecond', false) AS fresh
      FROM fingerprint_job WHERE id = ${jobId} FOR UPDATE`;
    const row = await tx.fingerprintJob.findUnique({
      where: { id: jobId },
      include: { model: { include: { release: true } } },
    });
    if (row === null || sign === undefined) return null;
    const state = afterRunEvent(row.state, "claim");
    if (state === null) return null;
    if (row.state === "running" && sign.fresh) return "held";
    const attempt = row.attempt + 1;
    await tx.fingerprintJob.update({
      where: { id: jobId },
      data: {
        state,
        attempt,
        startedAt: row.startedAt ?? ctx.clock.now(),
        progressAt: sign.now,
        failure: Prisma.DbNull,
      },
    });
    await notify(tx, fingerprintChannel, jobId);
    await pagesChanged(tx, [`/models/${row.modelId}`]);
    const { source, repository, commit } = row.model.release;
    return {
      id: jobId,
      modelId: row.modelId,
      attempt,
      job: {
        source: { kind: source === "github" ? "github" : "hf", repository, revision: commit },
        kind: row.kind === "full" ? "full" : "light",
        mostBytes: Math.max(1, fingerprintLimit(ctx)),
      },
    };
  });
}

function lifeSigns(ctx: Context, { id, attempt }: ClaimedJob, options: ExecuteOptions): LifeSigns<Progress> {
  return {
    async write(progress) {
      const stored = progress === null ? null : JSON.stringify(progress);
      const count = await ctx.db.$executeRaw`
        UPDATE fingerprint_job
        SET progress_at = clock_timestamp(), progress = coalesce(${stored}::jsonb, progress)
        WHERE id = ${id} AND attempt = ${attempt} AND state = 'running'`;
      return count > 0;
    },
    async cancelAsked() {
      const row = await ctx.db.fingerprintJob.findUnique({
        where: { id },
        select: { cancelRequestedAt: true },
      });
      return row?.cancelRequestedAt != null;
    },
    onNotify: options.onNotify,
  };
}

/** What the child says is judged like anybody's file, and must be of the release that was asked for. */
async function store(ctx: Context, claimed: ClaimedJob, text: string, build: string): Promise<void> {
  const bytes = Buffer.from(text, "utf8");
  const document = parseFingerprint(bytes, "fingerprint");
  const { source } = claimed.job;
  const named = document.release.repository === `${source.kind}:${source.repository}`;
  if (!named || document.release.commit !== source.revision || document.signature !== undefined) {
    throw new EngineError("malformed-file", "The child made a fingerprint of another release");
  }
  const blob = await ctx.blobs.put(bytes);
  await ctx.db.$transaction(async (tx) => {
    const at = ctx.clock.now();
    if (!(await moveIn(ctx, tx, claimed, "finish", {}))) return;
    await storeFingerprint(tx, { modelId: claimed.modelId, document, blob, origin: "computed", build, at });
  });
}

type Ending = "finish" | "fail" | "cancel" | "interrupt";
type Named = Pick<ClaimedJob, "id" | "modelId" | "attempt">;

async function move(
  ctx: Context,
  claimed: Named,
  event: Ending,
  data: { readonly failure?: RunFailure | null },
): Promise<void> {
  await ctx.db.$transaction((tx) => moveIn(ctx, tx, claimed, event, data));
}

/** Moves the computation if it is still this attempt's; false when it is not. */
async function moveIn(
  ctx: Context,
  tx: Prisma.TransactionClient,
  claimed: Named,
  event: Ending,
  { failure = null }: { readonly failure?: RunFailure | null },
): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM fingerprint_job WHERE id = ${claimed.id} FOR UPDATE`;
  const row = await tx.fingerprintJob.findUnique({ where: { id: claimed.id } });
  if (row === null || row.attempt !== claimed.attempt) return false;
  const state = afterRunEvent(row.state, event);
  if (state === null) return false;
  const ended = event !== "interrupt";
  await tx.fingerprintJob.update({
    where: { id: claimed.id },
    data: {
      state,
      failure: failure ?? Prisma.DbNull,
      ...(ended ? { finishedAt: ctx.clock.now() } : {}),
    },
  });
  await notify(tx, fingerprintChannel, claimed.id);
  await pagesChanged(tx, [`/models/${claimed.modelId}`]);
  return true;
}
