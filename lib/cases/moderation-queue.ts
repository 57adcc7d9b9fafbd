import type { Context, Viewer } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { endingOfRows } from "./appeals";
import { casePage } from "./case-page";
import type { ModerationPageDto, QueueItemDto } from "./dto";
import { summaryDto, summaryInclude } from "./list-cases";
import { accessOf, findCase, namesOf, readProposal } from "./load-case";
import { caseNotice } from "./notice";
import { may } from "./policy";
import { replyClockMs, secondLookMs } from "./state";

function requireModerator(viewer: Viewer): void {
  memberOf(viewer);
  if (viewer.role === "member") throw new AppError("not-allowed");
}

/** Cases that wait for a moderator first, then the rest; oldest first, so that nobody is left behind. */
export async function moderationQueue(
  ctx: Pick<Context, "db">,
  viewer: Viewer,
): Promise<readonly QueueItemDto[]> {
  requireModerator(viewer);
  const rows = await ctx.db.case.findMany({
    where: { OR: [{ state: "draft", submittedAt: { not: null } }, { state: { not: "draft" } }] },
    include: summaryInclude,
    orderBy: { updatedAt: "asc" },
    take: 500,
  });
  const appealed = await casesWithAppeals(
    ctx.db,
    rows.filter(({ state }) => state === "resolved" || state === "withdrawn").map(({ id }) => id),
  );
  const items = rows.map((row): QueueItemDto => {
    const { id, publicId, state, original, suspect } = summaryDto(row);
    const waitsFor =
      row.proposal !== null
        ? "second-person"
        : state === "draft"
          ? "review"
          : state === "notified"
            ? "reply-clock"
            : appealed.has(id)
              ? "appeal"
              : "none";
    return { id, publicId, state, original, suspect, waitsFor, since: row.updatedAt.toISOString() };
  });
  return [
    ...items.filter((item) => item.waitsFor !== "none"),
    ...items.filter((item) => item.waitsFor === "none"),
  ];
}

/** Those of these cases in which an appeal waits for an answer. */
async function casesWithAppeals(db: Context["db"], ids: readonly string[]): Promise<ReadonlySet<string>> {
  const events = await db.caseEvent.findMany({
    where: {
      caseId: { in: [...ids] },
      type: {
        in: ["case-appealed", "case-appeal-dismissed", "case-resolved", "case-withdrawn", "case-reopened"],
      },
    },
    orderBy: { sequence: "asc" },
  });
  const ofCases = [...Map.groupBy(events, ({ caseId }) => caseId)];
  return new Set(ofCases.flatMap(([id, rows]) => (endingOfRows(rows).standing.length > 0 ? [id] : [])));
}

export async function moderationPage(
  ctx: Pick<Context, "db" | "clock" | "settings">,
  id: string,
  viewer: Viewer,
): Promise<ModerationPageDto | null> {
  requireModerator(viewer);
  const row = await findCase(ctx.db, id);
  if (row === null || row.publicId === null || !may(viewer, accessOf(row)).moderate) return null;
  const page = await casePage(ctx, row.id, viewer);
  if (!page) return null;
  const proposal = readProposal(row.proposal);
  const replies = await ctx.db.post.findMany({
    where: { caseId: row.id, kind: "party-reply", state: "visible" },
    select: { id: true },
    orderBy: { sequence: "asc" },
  });
  const own = proposal !== null && proposal.by === viewer.userId;
  return {
    case: page,
    statement: row.draftStatement ?? "",
    version: row.version,
    proposal,
    proposedByViewer: own,
    confirmableAt: own ? new Date(Date.parse(proposal.at) + secondLookMs).toISOString() : null,
    notice: caseNotice({
      publicId: row.publicId,
      ...namesOf(row),
      claims: row.claims.length,
      origin: ctx.settings.publicOrigin,
      replyDueAt: row.replyDueAt ?? new Date(ctx.clock.now().getTime() + replyClockMs),
    }),
    partyReplies: replies.map((reply) => reply.id),
  };
}
