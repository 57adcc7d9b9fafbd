import type { Context, Viewer } from "@/lib/platform/context";
import type { DraftPageDto } from "./dto";
import { accessOf, findCase } from "./load-case";
import { may } from "./policy";
import { releaseDtos, releaseInclude } from "./release-facts";
import type { ClaimKind, Interest } from "./schema";
import { draftLifeMs } from "./state";

/** A draft for its reporter (and moderators); null for everybody else, and once the case has left the draft. */
export async function draftPage(
  ctx: Pick<Context, "db">,
  id: string,
  viewer: Viewer,
): Promise<DraftPageDto | null> {
  const row = await findCase(ctx.db, id);
  if (row?.state !== "draft") return null;
  const allowed = may(viewer, accessOf(row));
  if (!allowed.see) return null;
  const releases = await ctx.db.caseRelease.findMany({ where: { caseId: row.id }, include: releaseInclude });
  return {
    id: row.id,
    own: allowed.editDraft,
    publicId: row.publicId,
    declared: row.declared,
    submittedAt: row.submittedAt?.toISOString() ?? null,
    refusedReason: row.refusedReason,
    expiresAt: new Date(row.createdAt.getTime() + draftLifeMs).toISOString(),
    statement: row.draftStatement ?? "",
    interest: row.interest as Interest,
    interestNote: row.interestNote,
    claims: row.claims.map((claim) => ({
      number: claim.number,
      kind: claim.kind as ClaimKind,
      text: claim.text,
    })),
    releases: await releaseDtos(ctx.db, releases),
  };
}
