import type { Context, Viewer } from "@/lib/platform/context";
import { endingOf } from "./appeals";
import type { CasePageDto, CaseRunDto, ClaimDto, PartyDto, Side, TimelineDto } from "./dto";
import { publicEvents, readCaseEvent } from "./events";
import { accessOf, type CaseRow, findCase, namesOf } from "./load-case";
import { actorOf, may } from "./policy";
import { recalledVersions } from "./recalled";
import { releaseDtos, releaseInclude } from "./release-facts";
import { caseRunDto } from "./run-facts";
import { type ClaimKind, findingReason, type Interest } from "./schema";
import { appealMs, transition } from "./state";

type Reader = Pick<Context, "db" | "clock">;

/** Everything a case page shows this viewer; null when there is no such case for them. */
export async function casePage(ctx: Reader, id: string, viewer: Viewer): Promise<CasePageDto | null> {
  const row = await findCase(ctx.db, id);
  if (!row || row.publicId === null) return null;
  const allowed = may(viewer, accessOf(row));
  if (!allowed.see) return null;

  const where = { caseId: row.id };
  const [releases, runs, events, record, replies, recalled] = await Promise.all([
    ctx.db.caseRelease.findMany({ where, include: releaseInclude }),
    ctx.db.run.findMany({
      where,
      include: { result: true },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    }),
    ctx.db.caseEvent.findMany({ where, orderBy: { sequence: "asc" } }),
    ctx.db.caseRecord.findMany({ where, orderBy: { position: "asc" } }),
    ctx.db.post.findMany({
      where: { ...where, kind: "party-reply", state: "visible" },
      select: { partyId: true },
    }),
    recalledVersions(ctx.db),
  ]);
  const userIds = [
    row.reporterId,
    ...events.map((one) => one.actorId),
    ...row.parties.map((one) => one.userId),
  ];
  const names = await namesOfUsers(ctx, userIds);
  const runDtos = runs.map((run) => caseRunDto(run, recalled));
  const history = events.map((event) => ({ ...readCaseEvent(event), row: event }));
  const ending = endingOf(
    history.map(({ row: { actorId, createdAt }, ...event }) => ({ event, actorId, at: createdAt })),
  );
  const repliedParties = new Set(replies.map((reply) => reply.partyId));

  return {
    id: row.id,
    publicId: row.publicId,
    state: row.state,
    finding: row.finding,
    ...namesOf(row),
    documented: row.documented,
    example: row.example,
    openedAt: iso(row.openedAt),
    updatedAt: row.updatedAt.toISOString(),
    findingReasons: findingReason.array().parse(row.findingReasons),
    declared: row.declared,
    local: history.some((event) => event.type === "case-opened" && event.data.reason === "local-folders"),
    unlisted: row.state === "draft" || row.state === "notified" || row.openedAt === null,
    interest: row.interest as Interest,
    interestNote: row.interestNote,
    reporter: names.get(row.reporterId) ?? "",
    submittedAt: iso(row.submittedAt),
    notifiedAt: iso(row.notifiedAt),
    replyDueAt: iso(row.replyDueAt),
    resolvedAt: iso(row.resolvedAt),
    withdrawnAt: iso(row.withdrawnAt),
    appealUntil: appealUntil(row),
    appeals: ending.standing.map(({ postId, by, side, grounds, at }) => ({
      postId,
      by,
      side,
      grounds,
      at: at.toISOString(),
    })),
    releases: await releaseDtos(ctx.db, releases),
    claims: row.claims.map((claim) => claimDto(claim, runDtos)),
    runs: runDtos,
    parties: row.parties
      .map(
        (party): PartyDto => ({
          id: party.id,
          side: party.side as Side,
          name: party.name,
          acceptedAt: iso(party.acceptedAt),
          basis: party.basis,
          speaker: party.userId === null ? null : (names.get(party.userId) ?? null),
          hasReplied: repliedParties.has(party.id),
        }),
      )
      .sort((a, b) => (a.side === b.side ? 0 : a.side === "original" ? -1 : 1)),
    timeline: (allowed.moderate ? history : publicEvents(history)).map(
      ({ row: event, type, data }): TimelineDto => ({
        sequence: event.sequence,
        type,
        data,
        at: event.createdAt.toISOString(),
        actor: event.actorId === null ? null : (names.get(event.actorId) ?? null),
      }),
    ),
    record: record.map((one) => ({
      position: one.position,
      date: one.date,
      text: { en: one.textEn, zh: one.textZh },
      sourceKind: one.sourceKind,
      source: one.source,
      sourceUrl: one.sourceUrl,
    })),
    may: {
      ...allowed,
      appeal: transition(
        { ...row, ending, partyReplied: false, proposal: null },
        { act: "appeal" },
        actorOf(viewer, accessOf(row)),
        ctx.clock.now(),
      ).ok,
    },
  };
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** No finding was made here about a documented case, so there is nothing to appeal against. */
function appealUntil(row: CaseRow): string | null {
  if (row.documented) return null;
  const since =
    row.state === "resolved" ? row.resolvedAt : row.state === "withdrawn" ? row.withdrawnAt : null;
  return since ? new Date(since.getTime() + appealMs).toISOString() : null;
}

function claimDto(claim: CaseRow["claims"][number], runs: readonly CaseRunDto[]): ClaimDto {
  return {
    id: claim.id,
    number: claim.number,
    kind: claim.kind as ClaimKind,
    method: claim.method,
    text: claim.text,
    redaction: claim.redaction
      ? { at: (claim.redaction.erasedAt ?? claim.createdAt).toISOString(), reason: claim.redaction.reason }
      : null,
    runs: runs.filter(
      (run) => run.claimId === claim.id || (run.claimId === null && run.methods.includes(claim.method)),
    ),
  };
}

/** Public names only: nothing else of an account ever leaves here. */
async function namesOfUsers(ctx: Reader, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const users = await ctx.db.user.findMany({
    where: { id: { in: wanted } },
    select: { id: true, name: true },
  });
  return new Map(users.flatMap((user) => (user.name === null ? [] : [[user.id, user.name] as const])));
}
