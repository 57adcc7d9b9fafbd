import { rm } from "node:fs/promises";
import { join } from "node:path";
import { appendCaseEvent } from "@/lib/cases/server";
import type { ResultDocument } from "@/lib/engine/result/document";
import { recordAct } from "@/lib/ledger/server";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import type { Transaction } from "@/lib/platform/database";
import { Prisma } from "@/lib/platform/database/generated/client";
import { pagesChanged } from "@/lib/platform/pages";
import { recordFirstCaptures } from "./first-captures";
import { inputSubjects } from "./input-subjects";
import { runNotify } from "./notify-run";
import { checkedDocument } from "./result-document";
import type { ClaimedRun } from "./run-claim";
import type { RunFailure } from "./schema";
import { afterRunEvent } from "./state";

export const capsuleMediaType = "application/x-tar";

export function capsulePath(run: Pick<ClaimedRun, "id" | "attempt">, temporaryFolder: string): string {
  return join(temporaryFolder, `${run.id}-${run.attempt}.tar`);
}

/** Where a full read of this run keeps what it has done, over its attempts. */
export function leafFolder({ id }: Pick<ClaimedRun, "id">, temporaryFolder: string): string {
  return join(temporaryFolder, `${id}-leaves`);
}

export async function removeLeaves(run: ClaimedRun, temporaryFolder: string): Promise<void> {
  await rm(leafFolder(run, temporaryFolder), { recursive: true, force: true });
}

export async function removeCapsule(run: ClaimedRun, temporaryFolder: string): Promise<void> {
  await rm(capsulePath(run, temporaryFolder), { force: true });
}

/**
 * The one result of a run, with everything that follows from it, in one transaction. When the run is no longer this
 * attempt's, nothing is written: the primary key of run_result is the run, so a second result is impossible anyway.
 */
export async function finishRun(
  ctx: Context,
  run: ClaimedRun,
  made: {
    readonly document: string;
    readonly digest: string;
    readonly capsulePath: string;
    readonly build: string;
  },
): Promise<void> {
  const capsule = await ctx.blobs.putFile(made.capsulePath);
  const { document, json } = await checkedDocument(ctx, run, made);
  await ctx.db.$transaction(async (tx) => {
    const now = ctx.clock.now();
    const ours = await moveClaimed(tx, run, "finish", {
      finishedAt: now,
      progressAt: now,
      failure: Prisma.DbNull,
    });
    if (ours === null) return;
    await holdCapsule(ctx, tx, capsule, made.capsulePath);
    await tx.runResult.create({
      data: {
        runId: run.id,
        digest: made.digest,
        document: json,
        capsuleSha256: capsule.sha256,
        capsuleSize: capsule.size,
        build: made.build,
        createdAt: now,
      },
    });
    // A look-up is nobody's public act: no ledger entry, no timeline.
    if (ours.publicId === null || run.caseId === null) return;
    await appendCaseEvent(
      tx,
      run.caseId,
      {
        type: "run-finished",
        data: { runId: run.id, digest: made.digest, relation: document.summary.relation },
      },
      { actorId: null, at: now },
    );
    await recordFirstCaptures(tx, run.inputs, { about: `case:${ours.publicId}`, t: now });
    await recordVerification(tx, run, ours.publicId, document, { ...made, capsule: capsule.sha256, at: now });
    await pagesChanged(tx, [`/cases/${ours.publicId}`, `/runs/${run.id}`, "/cases", "/"]);
  });
}

/**
 * Makes sure that the capsule is there when this transaction commits: housekeeping may be removing the same bytes,
 * left over from an expired look-up. It does so under the lock of the blob's row, which is taken here.
 */
async function holdCapsule(
  ctx: Context,
  tx: Transaction,
  capsule: { readonly sha256: string; readonly size: number },
  path: string,
): Promise<void> {
  for (;;) {
    await rememberBlob(tx, { ...capsule, mediaType: capsuleMediaType, at: ctx.clock.now() });
    const rows = await tx.$queryRaw<
      unknown[]
    >`SELECT sha256 FROM blob WHERE sha256 = ${capsule.sha256} FOR UPDATE`;
    if (rows.length > 0) break;
  }
  if (!(await ctx.blobs.has(capsule.sha256))) await ctx.blobs.putFile(path);
}

async function recordVerification(
  tx: Transaction,
  run: ClaimedRun,
  publicId: string,
  document: ResultDocument,
  of: { readonly digest: string; readonly capsule: string; readonly build: string; readonly at: Date },
): Promise<void> {
  await recordAct(tx, {
    kind: "verify",
    about: `case:${publicId}`,
    subjects: await inputSubjects(tx, run.inputs),
    predicate: {
      case: publicId,
      run: run.id,
      finishedAt: of.at.toISOString(),
      result: of.digest.replace(/^sha256:/, ""),
      capsule: of.capsule,
      build: of.build,
      methods: document.methods.map(({ method, version, says }) => ({ method, version, says })),
      relation: document.summary.relation,
    },
    dedupKey: `verify:${run.id}`,
    t: of.at,
  });
}

export async function failClaimed(
  ctx: Context,
  run: Pick<ClaimedRun, "id" | "caseId" | "attempt">,
  failure: RunFailure,
): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const now = ctx.clock.now();
    const ours = await moveClaimed(tx, run, "fail", { finishedAt: now, failure });
    if (ours?.publicId && run.caseId !== null) {
      await appendCaseEvent(
        tx,
        run.caseId,
        { type: "run-failed", data: { runId: run.id, code: failure.code } },
        { actorId: null, at: now },
      );
      await pagesChanged(tx, [`/cases/${ours.publicId}`, `/runs/${run.id}`]);
    }
  });
}

export async function cancelClaimed(ctx: Context, run: ClaimedRun): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const now = ctx.clock.now();
    const ours = await moveClaimed(tx, run, "cancel", { finishedAt: now });
    if (ours?.publicId && run.caseId !== null) {
      await appendCaseEvent(
        tx,
        run.caseId,
        { type: "run-cancelled", data: { runId: run.id } },
        { actorId: null, at: now },
      );
      await pagesChanged(tx, [`/cases/${ours.publicId}`, `/runs/${run.id}`]);
    }
  });
}

/** Back to the queue, with what stood in the way shown until the next attempt. */
export async function interruptRun(ctx: Context, run: ClaimedRun, failure: RunFailure | null): Promise<void> {
  await ctx.db.$transaction((tx) => moveClaimed(tx, run, "interrupt", { failure: failure ?? Prisma.DbNull }));
}

/** Moves the run if it is still this attempt's; null when it is not. */
async function moveClaimed(
  tx: Transaction,
  run: Pick<ClaimedRun, "id" | "attempt">,
  event: "finish" | "fail" | "cancel" | "interrupt",
  data: Prisma.RunUpdateInput,
): Promise<{ readonly publicId: string | null } | null> {
  await tx.$queryRaw`SELECT id FROM run WHERE id = ${run.id} FOR UPDATE`;
  const row = await tx.run.findUnique({
    where: { id: run.id },
    select: { state: true, attempt: true, case: { select: { publicId: true } } },
  });
  if (row === null || row.attempt !== run.attempt) return null;
  const state = afterRunEvent(row.state, event);
  if (state === null) return null;
  await tx.run.update({ where: { id: run.id }, data: { ...data, state } });
  await runNotify(tx, run.id);
  return { publicId: row.case?.publicId ?? null };
}

/** The queue gave up on a run (its workers died again and again): it ends here, in plain sight. */
export async function failAbandonedRun(ctx: Context, runId: string): Promise<void> {
  const run = await ctx.db.run.findUnique({ where: { id: runId } });
  if (run === null) return;
  await failClaimed(
    ctx,
    { id: run.id, caseId: run.caseId, attempt: run.attempt },
    { code: "worker-lost", detail: { attempts: run.attempt } },
  );
}
