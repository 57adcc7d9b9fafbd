import { heldForAuthor, recordAct, storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { releaseDto } from "./captures";
import { mayWithdraw } from "./policy";
import { releaseSubject } from "./record-capture";
import { type WithdrawModelInput, withdrawModelSchema } from "./schema";

/**
 * Takes a registration back, with a public reason. The page stays and says so.
 * Errors: sign-in-required, invalid-input, not-found, not-allowed, already-done.
 */
export async function withdrawModel(ctx: Context, input: WithdrawModelInput): Promise<void> {
  memberOf(ctx.viewer);
  const { modelId, reason, ownKey } = parseInput(withdrawModelSchema, input);
  const now = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${modelId} FOR UPDATE`;
    const model = await tx.model.findUnique({
      where: { id: modelId },
      include: { release: true, registeredBy: { select: { name: true } } },
    });
    if (model === null) throw new AppError("not-found");
    if (model.registeredById !== ctx.viewer.userId) throw new AppError("not-allowed");
    if (!mayWithdraw(ctx.viewer, model)) throw new AppError("already-done");
    await tx.model.update({
      where: { id: modelId },
      data: { state: "withdrawn", withdrawnAt: now, withdrawReason: reason },
    });
    await recordAct(tx, {
      kind: "withdraw",
      about: `model:${modelId}`,
      actor: { role: "registrant", name: model.registeredBy.name },
      subjects: [releaseSubject({ release: releaseDto(model.release) })],
      predicate: { what: "model", id: modelId, reason: await storePayload(tx, reason) },
      dedupKey: `withdraw:${modelId}`,
      t: now,
      ...heldForAuthor(ctx, ownKey),
    });
    await pagesChanged(tx, ["/", "/models", `/models/${modelId}`]);
  });
}
