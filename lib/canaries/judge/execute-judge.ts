import { setTimeout as sleep } from "node:timers/promises";
import type { Judgement } from "@/lib/engine/canary/judge";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { citableCheckpoint, recordAct } from "@/lib/ledger/server";
import { rememberBlob } from "@/lib/platform/blobs/remember";
import type { Context } from "@/lib/platform/context";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import type { LifeSigns } from "@/lib/platform/jobs/watch-job";
import { type ClaimedJob, moveJob } from "../job/claimed-job";
import { runClaimed } from "../job/run-claimed";
import { type BuiltBundle, buildBundle } from "./build-bundle";
import { judgeKind } from "./kind";
import { JudgeFailure, type JudgeProcess, runJudge } from "./run-judge";
import type { JudgeProgress } from "./schema";

export interface ExecuteJudgeOptions extends JudgeProcess {
  readonly onNotify: LifeSigns<JudgeProgress>["onNotify"];
  /** How long acts about the set may still wait for the log before they count as not logged. */
  readonly patienceMs?: number;
}

/**
 * Takes a queued judging (or one whose worker died): puts together what is logged, judges it, and stores the result with
 * everything that follows from it in one transaction. "again": the queue is to hand it out once more.
 */
export async function executeJudge(
  ctx: Context,
  jobId: string,
  options: ExecuteJudgeOptions,
): Promise<"done" | "again"> {
  return runClaimed<JudgeProgress>(ctx, jobId, {
    kind: judgeKind,
    signal: options.signal,
    onNotify: options.onNotify,
    async work(claimed, watch) {
      const { set, suspect } = await ctx.db.canaryJudgeJob.findUniqueOrThrow({
        where: { id: jobId },
        include: { set: true, suspect: true },
      });
      watch.onProgress({ phase: "collecting" });
      await untilLogged(ctx, set, watch.signal, options.patienceMs ?? 20_000);
      const built = await buildBundle(ctx, set, suspect);
      watch.onProgress({ phase: "judging" });
      const unjudged = Buffer.from(canonicalJson(built.bundle), "utf8");
      const { judgement, document } = await runJudge(`${jobId}-${claimed.attempt}`, unjudged, {
        ...options,
        signal: watch.signal,
      });
      watch.onProgress({ phase: "storing" });
      const suspectId = suspect.id;
      await store(ctx, claimed, { set, suspectId, built, judgement, document, engine: options.engine });
    },
    failureOf: (error) => ({ code: error instanceof JudgeFailure ? error.code : "internal", detail: {} }),
  });
}

/** The order is read from the log: acts that were committed a moment ago get the time to arrive there. */
async function untilLogged(
  { db }: Pick<Context, "db">,
  set: CanarySet,
  signal: AbortSignal,
  patienceMs: number,
): Promise<void> {
  const until = Date.now() + patienceMs;
  while (Date.now() < until && !signal.aborted) {
    const waiting = await db.logPending.count({ where: { about: `canary:${set.setId}` } });
    if (waiting === 0) return;
    await sleep(200, undefined, { signal }).catch(() => undefined);
  }
}

interface Made {
  readonly set: CanarySet;
  readonly suspectId: string;
  readonly built: BuiltBundle;
  readonly judgement: Judgement;
  readonly document: Buffer;
  readonly engine: { readonly sha256: string };
}

async function store(ctx: Context, claimed: ClaimedJob, made: Made): Promise<void> {
  const { set, suspectId, built, judgement, engine } = made;
  const bundle = { ...built.bundle, result: { digest: judgement.digest } };
  const bundleBlob = await ctx.blobs.put(Buffer.from(canonicalJson(bundle), "utf8"));
  const resultBlob = await ctx.blobs.put(made.document);
  await ctx.db.$transaction(async (tx) => {
    if (!(await moveJob(ctx, tx, judgeKind, claimed, "finish"))) return;
    const now = ctx.clock.now();
    const link = (judgementId: string) =>
      tx.canaryJudgeJob.update({ where: { id: claimed.id }, data: { judgementId } });
    const same = await tx.canaryJudgement.findUnique({
      where: {
        canarySetId_suspectId_digest: { canarySetId: set.id, suspectId, digest: judgement.digest },
      },
    });
    // Nothing has changed since: the judgement that stands is this one.
    if (same !== null) return void (await link(same.id));
    const { requestedById } = await tx.canaryJudgeJob.findUniqueOrThrow({ where: { id: claimed.id } });
    await rememberBlob(tx, { ...bundleBlob, mediaType: "application/json", at: now });
    await rememberBlob(tx, { ...resultBlob, mediaType: "application/json", at: now });
    await tx.canaryJudgement.create({
      data: {
        id: claimed.id,
        canarySetId: set.id,
        originalId: built.originalId,
        suspectId,
        referenceIds: [...built.referenceIds],
        digest: judgement.digest,
        version: judgement.version,
        resultBlob: resultBlob.sha256,
        resultSize: resultBlob.size,
        bundleBlob: bundleBlob.sha256,
        bundleSize: bundleBlob.size,
        says: judgement.says,
        log10p: beforeHolm(judgement),
        movesFinding: judgement.movesFinding,
        build: engine.sha256,
        requestedById,
        createdAt: now,
      },
    });
    await link(claimed.id);
    await recordAct(tx, {
      kind: "verify",
      about: `canary:${set.setId}`,
      subjects: [
        { name: "canary-root", digest: { sha256: set.root } },
        { name: "result", digest: { sha256: judgement.digest.slice("sha256:".length) } },
      ],
      predicate: {
        judgement: claimed.id,
        set: set.setId,
        finishedAt: now.toISOString(),
        result: judgement.digest.slice("sha256:".length),
        build: engine.sha256,
        original: built.originalId,
        suspect: suspectId,
        references: [...built.referenceIds],
        version: judgement.version,
        says: judgement.says,
        movesFinding: judgement.movesFinding,
        checkpoint: await citableCheckpoint(tx),
      },
      dedupKey: `verify:${claimed.id}`,
      t: now,
    });
  });
}

/**
 * p of the registered statistic with everything it is multiplied by but Holm's correction: what the corrections of other
 * pairs start from. Null where there is none.
 */
function beforeHolm({ primary, p }: Judgement): number | null {
  const own = primary === null ? undefined : p[primary.statistic]?.log10;
  if (primary === null || own === undefined) return null;
  return Math.min(0, own + Math.log10(primary.sets) + primary.grindBits * Math.log10(2));
}
