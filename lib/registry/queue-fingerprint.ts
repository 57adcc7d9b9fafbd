import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { mayManage } from "./policy";
import {
  defaultFingerprintBytes,
  type FingerprintKind,
  type QueueFingerprintInput,
  queueFingerprintSchema,
  tensorSummarySchema,
} from "./schema";

/** Runs of cases go first; a light fingerprint is seconds of work, a full one may be hours. */
const priority = { light: 4, full: -5 } as const;

/**
 * Queues the computation of a fingerprint of a registered model. One of a kind at a time; asked again while it waits or
 * runs, it is the same one. Errors: sign-in-required, invalid-input, not-found, not-allowed, too-large (weights beyond
 * what this instance reads), too-many-requests.
 */
export async function queueFingerprint(
  ctx: Context,
  input: QueueFingerprintInput,
): Promise<{ readonly jobId: string }> {
  memberOf(ctx.viewer);
  const { modelId, kind } = parseInput(queueFingerprintSchema, input);
  await consumeAct(ctx, "run");
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${modelId} FOR UPDATE`;
    const model = await tx.model.findUnique({
      where: { id: modelId },
      include: { capture: { select: { tensors: true } } },
    });
    if (model === null) throw new AppError("not-found");
    if (!mayManage(ctx.viewer, model)) throw new AppError("not-allowed");
    const bytes = tensorSummarySchema.nullable().parse(model.capture.tensors)?.bytes ?? 0;
    const limit = fingerprintLimit(ctx);
    if (kind === "full" && bytes > limit) throw new AppError("too-large", { detail: { bytes, limit } });
    return insertFingerprintJob(ctx, tx, modelId, kind);
  });
}

/** Weights up to which this instance computes a full fingerprint. */
export function fingerprintLimit(ctx: Pick<Context, "settings">): number {
  return ctx.settings.fingerprintBytes ?? defaultFingerprintBytes;
}

/** Row and job in the caller's transaction, which holds the model's row. */
export async function insertFingerprintJob(
  ctx: Pick<Context, "clock" | "jobs">,
  tx: Transaction,
  modelId: string,
  kind: FingerprintKind,
): Promise<{ readonly jobId: string }> {
  const live = await tx.fingerprintJob.findFirst({
    where: { modelId, kind, state: { in: ["queued", "running"] } },
    select: { id: true },
  });
  if (live !== null) return { jobId: live.id };
  const jobId = newId("fpj");
  await tx.fingerprintJob.create({ data: { id: jobId, modelId, kind, createdAt: ctx.clock.now() } });
  await ctx.jobs.send(
    tx,
    "fingerprint.compute",
    { version: 1, jobId },
    { priority: priority[kind], idempotencyKey: jobId },
  );
  await pagesChanged(tx, [`/models/${modelId}`]);
  return { jobId };
}
