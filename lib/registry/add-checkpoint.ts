import { heldForAuthor, recordAct } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { captureRelease } from "./capture-release";
import { mayManage } from "./policy";
import { recordCapture, releaseSubject } from "./record-capture";
import { type AddCheckpointInput, addCheckpointSchema } from "./schema";

/** More than anybody needs to show where a training began. */
const mostCheckpoints = 12;

/**
 * Registers an initial or early checkpoint of a model: a release of its own, captured now, with the step it stands for.
 * It can then be chosen as an ancestor of runs on the model: what two models share by their initialisation is no sign of
 * derivation. Its date is that of our observation. The same release twice is one entry.
 *
 * Errors: sign-in-required, invalid-input, not-found, not-allowed, same-release, wrong-state (too many), and those of
 * captureRelease.
 */
export async function addCheckpoint(
  ctx: Context,
  input: AddCheckpointInput,
): Promise<{ readonly checkpointId: string }> {
  memberOf(ctx.viewer);
  const { modelId, address, label, step, ownKey } = parseInput(addCheckpointSchema, input);
  const model = await ctx.db.model.findUnique({
    where: { id: modelId },
    include: { release: true, registeredBy: { select: { name: true } } },
  });
  if (model === null) throw new AppError("not-found");
  if (!mayManage(ctx.viewer, model)) throw new AppError("not-allowed");
  await consumeAct(ctx, "registration");
  const capture = await captureRelease(ctx, address);
  if (capture.releaseId === model.releaseId)
    throw new AppError("same-release", { fields: { address: "same-release" } });
  const now = ctx.clock.now();
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${modelId} FOR UPDATE`;
    const key = { modelId, releaseId: capture.releaseId };
    const known = await tx.checkpoint.findUnique({ where: { modelId_releaseId: key } });
    if (known !== null) return { checkpointId: known.id };
    if ((await tx.checkpoint.count({ where: { modelId } })) >= mostCheckpoints) {
      throw new AppError("wrong-state", { detail: { limit: mostCheckpoints } });
    }
    const checkpointId = newId("ckp");
    await tx.checkpoint.create({
      data: {
        ...key,
        id: checkpointId,
        captureId: capture.captureId,
        label,
        step: step ?? null,
        createdAt: now,
      },
    });
    const about = `model:${modelId}`;
    await recordCapture(tx, capture, { about, t: now });
    const { source, repository, commit } = capture.release;
    await recordAct(tx, {
      kind: "observe",
      about,
      actor: { role: "registrant", name: model.registeredBy.name },
      subjects: [releaseSubject(capture)],
      predicate: {
        model: modelId,
        fingerprint: null,
        checkpoint: { id: checkpointId, release: { source, repository, commit }, label, step: step ?? null },
      },
      dedupKey: `observe:${checkpointId}`,
      t: now,
      ...heldForAuthor(ctx, ownKey),
    });
    await pagesChanged(tx, [`/models/${modelId}`]);
    return { checkpointId };
  });
}
