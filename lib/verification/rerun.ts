import type { Context } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { caseOfRun, requireMayQueue } from "./access";
import { insertCaseRun } from "./queue-run";
import { runParametersSchema } from "./schema";
import { hasEnded } from "./state";

/** Runs the same inputs with the same parameters once more, as a run of its own that names the first one. */
export async function rerun(
  ctx: Context,
  input: { readonly runId: string; readonly idempotencyKey?: string | undefined },
): Promise<{ runId: string }> {
  const key = input.idempotencyKey ? `${ctx.viewer.userId}:${input.idempotencyKey}` : null;
  await consumeAct(ctx, "run");
  return ctx.db.$transaction(async (tx) => {
    const known = await tx.run.findUnique({ where: { id: input.runId }, select: { caseId: true } });
    if (known === null) throw new AppError("not-found");
    // A look-up is started anew from its form; it has no history to keep.
    if (known.caseId === null) throw new AppError("not-allowed");
    const facts = await caseOfRun(tx, known.caseId);
    if (facts === null) throw new AppError("not-found");
    requireMayQueue(ctx.viewer, facts);
    if (key !== null) {
      const same = await tx.run.findUnique({ where: { idempotencyKey: key }, select: { id: true } });
      if (same !== null) return { runId: same.id };
    }
    const earlier = await tx.run.findUniqueOrThrow({ where: { id: input.runId }, include: { inputs: true } });
    if (!hasEnded(earlier.state)) throw new AppError("wrong-state", { detail: { state: earlier.state } });
    return insertCaseRun(ctx, tx, {
      of: facts,
      claimId: earlier.claimId,
      parameters: runParametersSchema.parse(earlier.parameters),
      inputs: earlier.inputs.map(({ role, position, releaseId, kind }) => ({
        role,
        position,
        releaseId,
        kind,
      })),
      rerunOfId: earlier.id,
      idempotencyKey: key,
    });
  });
}
