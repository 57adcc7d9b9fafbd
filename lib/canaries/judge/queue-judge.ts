import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { firstOriginal } from "../first-original";
import { told } from "../job/claimed-job";
import { lockSet } from "../load-set";
import { setState } from "../state";
import { judgeKind } from "./kind";
import { type QueueJudgeInput, queueJudgeSchema } from "./schema";

/**
 * Queues the judging of a suspect's answers, once all items are revealed or the deadline has passed: what is unrevealed
 * then counts as missed. Anybody with an account may ask; who asks changes nothing in what comes out. One that waits or
 * runs is the same one. Errors: sign-in-required, invalid-input, not-found, wrong-state (no terms, unrevealed, no
 * original's answers), too-many-requests.
 */
export async function queueJudge(
  ctx: Context,
  input: QueueJudgeInput,
): Promise<{ readonly judgementId: string }> {
  const userId = memberOf(ctx.viewer);
  const asked = parseInput(queueJudgeSchema, input);
  const key = asked.idempotencyKey === undefined ? null : `${userId}:${asked.idempotencyKey}`;
  await consumeAct(ctx, "run");
  return ctx.db.$transaction(async (tx) => {
    const set = await lockSet(tx, asked.setId);
    if (key !== null) {
      const same = await tx.canaryJudgeJob.findUnique({
        where: { idempotencyKey: key },
        select: { id: true },
      });
      if (same !== null) return { judgementId: same.id };
    }
    const suspect = await tx.canaryAnswerSet.findFirst({
      where: { id: asked.suspect, canarySetId: set.id, role: "suspect", redactionId: null },
    });
    if (suspect === null) throw new AppError("not-found", { fields: { suspect: "not-found" } });
    const wrong = (reason: string) => new AppError("wrong-state", { detail: { reason } });
    if (set.terms === null || set.redactionId !== null) throw wrong("no-terms");
    const revealed = await tx.canaryReveal.count({ where: { canarySetId: set.id } });
    const state = setState({ ...set, revealed }, ctx.clock.now());
    if (state !== "revealed" && state !== "failed") throw wrong("unrevealed");
    if (set.kind === "generator" && set.nonce === null) throw wrong("nonce-not-known");
    if ((await firstOriginal(tx, set)) === null) throw wrong("no-original");
    return insertJudgeJob(ctx, tx, {
      set,
      suspectId: suspect.id,
      requestedById: userId,
      idempotencyKey: key,
    });
  });
}

/** Queues one judging; one that waits or runs is the same one. */
export async function insertJudgeJob(
  ctx: Context,
  tx: Transaction,
  job: {
    readonly set: Pick<CanarySet, "id" | "setId">;
    readonly suspectId: string;
    readonly requestedById: string;
    readonly idempotencyKey: string | null;
  },
): Promise<{ readonly judgementId: string }> {
  const { set, suspectId, requestedById, idempotencyKey } = job;
  const live = await tx.canaryJudgeJob.findFirst({
    where: { suspectId, state: { in: ["queued", "running"] } },
    select: { id: true },
  });
  if (live !== null) return { judgementId: live.id };
  const judgementId = newId("jdg");
  await tx.canaryJudgeJob.create({
    data: {
      id: judgementId,
      canarySetId: set.id,
      suspectId,
      requestedById,
      idempotencyKey,
      createdAt: ctx.clock.now(),
    },
  });
  await ctx.jobs.send(
    tx,
    "canary.judge",
    { version: 1, jobId: judgementId },
    { idempotencyKey: judgementId },
  );
  await told(tx, judgeKind, judgementId, set.setId);
  return { judgementId };
}
