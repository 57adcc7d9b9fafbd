import type { Context } from "@/lib/platform/context";
import { draftLifeMs } from "./state";

/**
 * Removes drafts past their 90 days. Nothing of them was ever public. One that was submitted once has a number, which
 * is never given again: its row stays, its words go.
 */
export async function expireDrafts(ctx: Pick<Context, "db" | "clock">): Promise<number> {
  const before = new Date(ctx.clock.now().getTime() - draftLifeMs);
  const where = { state: "draft" as const, submittedAt: null, createdAt: { lte: before } };
  return ctx.db.$transaction(async (tx) => {
    const rows = await tx.case.findMany({ where: { ...where, publicId: null }, select: { id: true } });
    const ids = rows.map((row) => row.id);
    await tx.claim.deleteMany({ where: { caseId: { in: ids } } });
    await tx.caseRelease.deleteMany({ where: { caseId: { in: ids } } });
    await tx.caseParty.deleteMany({ where: { caseId: { in: ids } } });
    await tx.case.deleteMany({ where: { id: { in: ids } } });
    await tx.case.updateMany({
      where: { ...where, publicId: { not: null }, draftStatement: { not: null } },
      data: { draftStatement: null, searchText: "" },
    });
    return ids.length;
  });
}
