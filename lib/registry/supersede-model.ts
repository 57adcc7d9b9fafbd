import { heldForAuthor, recordAct } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { releaseDto } from "./captures";
import { mayManage } from "./policy";
import { releaseSubject } from "./record-capture";
import { type SupersedeModelInput, supersedeModelSchema } from "./schema";

/**
 * Says that another registration of the same person takes this one's place: a later revision, a corrected one, a moved
 * repository. Once, for ever. Both stay: the older one keeps its date and leads to the newer.
 *
 * Errors: sign-in-required, invalid-input (by: same, not-yours, not-standing), not-found, not-allowed, already-done.
 */
export async function supersedeModel(ctx: Context, input: SupersedeModelInput): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { modelId, by, reason, ownKey } = parseInput(supersedeModelSchema, input);
  const refuse = (code: string) => new AppError("invalid-input", { fields: { by: code } });
  if (by === modelId) throw refuse("same");
  const now = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    // Both, always in one order: two that replace each other at the same moment take turns.
    await tx.$queryRaw`SELECT 1 FROM "model" WHERE "id" IN (${modelId}, ${by}) ORDER BY "id" FOR UPDATE`;
    const include = { release: true, registeredBy: { select: { name: true } } } as const;
    const model = await tx.model.findUnique({ where: { id: modelId }, include });
    if (model === null) throw new AppError("not-found");
    if (model.registeredById !== userId) throw new AppError("not-allowed");
    if (!mayManage(ctx.viewer, model) || model.supersededById !== null) throw new AppError("already-done");
    const next = await tx.model.findUnique({ where: { id: by }, include });
    if (next === null || next.registeredById !== userId) throw refuse("not-yours");
    // One that has been replaced itself replaces nothing: so no chain ever closes.
    if (next.state !== "registered" || next.supersededById !== null) throw refuse("not-standing");
    await tx.model.update({
      where: { id: modelId },
      data: { supersededById: by, supersededAt: now, supersedeReason: reason },
    });
    await recordAct(tx, {
      kind: "supersede",
      about: `model:${modelId}`,
      actor: { role: "registrant", name: model.registeredBy.name },
      subjects: [model, next].map(({ release }) => releaseSubject({ release: releaseDto(release) })),
      predicate: { what: "model", id: modelId, by, reason },
      dedupKey: `supersede:${modelId}`,
      t: now,
      ...heldForAuthor(ctx, ownKey),
    });
    await pagesChanged(tx, ["/models", `/models/${modelId}`, `/models/${by}`]);
  });
}
