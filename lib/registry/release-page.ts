import type { Context } from "@/lib/platform/context";
import { recordedCaptureDtos, releaseDto } from "./captures";
import type { ModelCaseDto, ReleasePageDto } from "./dto";

type Reader = Pick<Context, "db">;

/**
 * A release with what was captured of it, as far as anything public rests on it: a registration, or a case that has
 * left the draft. Null for one that only a draft or a look-up names: that somebody looked is nobody's business.
 */
export async function releasePage(ctx: Reader, id: string): Promise<ReleasePageDto | null> {
  const published = { some: { case: { state: { not: "draft" }, publicId: { not: null } } } } as const;
  const release = await ctx.db.release.findFirst({
    where: { id, OR: [{ models: { some: {} } }, { caseRoles: published }] },
    include: {
      captures: {
        where: { OR: [{ models: { some: {} } }, { caseReleases: published }] },
        include: { release: true },
        orderBy: [{ observedAt: "asc" }, { id: "asc" }],
      },
      models: { orderBy: [{ createdAt: "asc" }, { id: "asc" }] },
    },
  });
  if (release === null) return null;
  return {
    ...releaseDto(release),
    captures: await recordedCaptureDtos(ctx.db, release.captures),
    models: release.models.map(({ id, name, state, createdAt }) => ({ id, name, state, createdAt })),
    cases: await publicCasesOf(ctx, release.id),
  };
}

/** What lists may name: no draft, none whose reply clock still runs, none that was withdrawn before it was opened. */
export async function publicCasesOf(ctx: Reader, releaseId: string): Promise<readonly ModelCaseDto[]> {
  const rows = await ctx.db.caseRelease.findMany({
    where: {
      releaseId,
      case: {
        state: { notIn: ["draft", "notified"] },
        publicId: { not: null },
        NOT: { state: "withdrawn", openedAt: null },
      },
    },
    include: { case: { select: { publicId: true, state: true, finding: true, openedAt: true } } },
    orderBy: { case: { openedAt: "desc" } },
  });
  return rows.map(({ role, case: found }) => ({
    publicId: found.publicId ?? "",
    state: found.state,
    finding: found.finding,
    role,
    openedAt: found.openedAt,
  }));
}
