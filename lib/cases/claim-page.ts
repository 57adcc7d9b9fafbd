import type { Context, Viewer } from "@/lib/platform/context";
import { casePage } from "./case-page";
import type { CasePageDto, ClaimDto } from "./dto";

export interface ClaimPageDto extends ClaimDto {
  readonly case: Pick<CasePageDto, "publicId" | "state" | "finding">;
}

/** One claim, under the rules of its case's page; null when there is none for this viewer. */
export async function claimPage(
  ctx: Pick<Context, "db" | "clock">,
  id: string,
  viewer: Viewer,
): Promise<ClaimPageDto | null> {
  const row = await ctx.db.claim.findUnique({ where: { id }, select: { caseId: true } });
  const page = row && (await casePage(ctx, row.caseId, viewer));
  const claim = page?.claims.find((one) => one.id === id);
  if (!page || !claim) return null;
  const { publicId, state, finding } = page;
  return { ...claim, case: { publicId, state, finding } };
}
