import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { isLoopbackHost } from "@/lib/platform/http/loopback-host";
import { pagesChanged } from "@/lib/platform/pages";
import { appendCaseEvent } from "./append-case-event";
import { applyPatch } from "./apply-transition";
import { publishCaseActs, recordCaseAct } from "./case-acts";
import { casePaths } from "./case-paths";
import type { NewCaseEvent } from "./events";
import { findingProblem } from "./finding";
import { findingBasis } from "./finding-basis";
import { accessOf, type CaseRow, factsOf, lockCase, namesOf } from "./load-case";
import { caseNotice } from "./notice";
import { caseOfPair, lockPair } from "./pair";
import { actorOf } from "./policy";
import { publishCase } from "./publish-case";
import { recordOutcome } from "./record-outcome";
import { type CaseState, type ModeratorAct, type MoveCaseInput, moveCaseInput } from "./schema";
import { appealMs, type CasePatch, type Proposal, transition } from "./state";

type Moved = { readonly patch: CasePatch; readonly reason?: string; readonly people?: 1 | 2 };

/** One act of a moderator on the procedure of a case (PRODUCT's table). Two at once take turns; the second is told. */
export async function moveCase(ctx: Context, input: MoveCaseInput): Promise<{ readonly state: CaseState }> {
  const userId = memberOf(ctx.viewer);
  const { caseId, version, act } = parseInput(moveCaseInput, input);
  return ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, caseId);
    const now = ctx.clock.now();
    const facts = await factsOf(tx, row);
    const result = transition(facts, act, actorOf(ctx.viewer, accessOf(row)), now);
    if (!result.ok) throw new AppError(result.code, { detail: { state: row.state } });
    if (version !== undefined && version !== row.version) throw new AppError("changed-meanwhile");
    refuseForeignReason(ctx, act);
    await checkFinding(tx, row, act, facts.proposal);
    if (act.act === "notify") await refuseSecondOfPair(tx, row);

    await applyPatch(tx, row.id, result.patch);
    const event = eventOf(ctx, row, act, facts.proposal, result, now);
    const sequence = await appendCaseEvent(tx, row.id, event, { actorId: userId, at: now });
    await recordMove(ctx, tx, row, event, sequence);
    await tx.auditEvent.create({
      data: {
        actorId: userId,
        action: `case.${act.act}`,
        subject: row.id,
        data: { sequence, ownCase: row.reporterId === userId },
        createdAt: now,
      },
    });
    if (row.state !== "draft" || act.act === "notify") await pagesChanged(tx, casePaths(row.publicId));
    return { state: result.patch.state ?? row.state };
  });
}

/** npm run case serves folders on an instance of one machine; elsewhere its reason would be untrue. */
function refuseForeignReason(ctx: Context, act: ModeratorAct) {
  const here = isLoopbackHost(new URL(ctx.settings.publicOrigin).hostname);
  if (act.act === "open-early" && act.reason === "local-folders" && !here) throw new AppError("not-allowed");
}

/** A finding is checked when it is proposed and again when it takes effect: a run may have been recalled in between. */
async function checkFinding(tx: Transaction, row: CaseRow, act: ModeratorAct, proposal: Proposal | null) {
  const proposed =
    act.act === "propose-resolution"
      ? act
      : act.act === "confirm" && proposal?.act === "resolve"
        ? proposal
        : null;
  if (!proposed) return;
  const problem = findingProblem(proposed.finding, proposed.reasons, await findingBasis(tx, row));
  if (problem) throw new AppError("invalid-input", { fields: { reasons: problem } });
}

/** Two reports of one pair may wait for review; only one of them becomes a case. */
async function refuseSecondOfPair(tx: Transaction, row: CaseRow) {
  const release = (role: string) => row.releases.find((one) => one.role === role)?.release;
  const [original, suspect] = [release("original"), release("suspect")];
  if (!original || !suspect) throw new AppError("wrong-state");
  await lockPair(tx, original, suspect);
  const existing = await caseOfPair(tx, original, suspect);
  if (existing) throw new AppError("already-done", { detail: { case: existing.publicId } });
}

function eventOf(
  ctx: Context,
  row: CaseRow,
  act: ModeratorAct,
  proposal: Proposal | null,
  moved: Moved,
  now: Date,
): NewCaseEvent {
  const people = moved.people ?? 1;
  switch (act.act) {
    case "refuse":
      return { type: "case-refused", data: { reason: act.reason } };
    case "notify": {
      const replyDueAt = moved.patch.replyDueAt as Date;
      const notice = caseNotice({
        publicId: row.publicId as string,
        ...namesOf(row),
        claims: row.claims.length,
        origin: ctx.settings.publicOrigin,
        replyDueAt,
      });
      return { type: "case-notified", data: { replyDueAt: replyDueAt.toISOString(), notice } };
    }
    case "open":
      return { type: "case-opened", data: { reason: moved.reason as string } };
    case "open-early":
      return {
        type: "case-opened",
        data: { reason: act.reason === "local-folders" ? act.reason : `evidence-${act.reason}` },
      };
    case "propose-resolution":
      return { type: "case-resolution-proposed", data: { finding: act.finding, reasons: act.reasons } };
    case "propose-withdrawal":
      return { type: "case-withdrawal-proposed", data: { reason: act.reason } };
    case "discard-proposal":
      return { type: "case-proposal-discarded", data: {} };
    case "reopen":
      return {
        type: "case-reopened",
        data: { reason: act.reason, ...(act.postId === undefined ? {} : { postId: act.postId }) },
      };
    case "dismiss-appeal":
      return { type: "case-appeal-dismissed", data: { postId: act.postId, reason: act.reason } };
    case "confirm":
      return proposal?.act === "resolve"
        ? {
            type: "case-resolved",
            data: {
              finding: proposal.finding,
              reasons: [...proposal.reasons],
              people,
              appealUntil: new Date(now.getTime() + appealMs).toISOString(),
            },
          }
        : { type: "case-withdrawn", data: { reason: moved.reason as string, by: "moderators", people } };
  }
}

/** The log entry of a public move. What is not public yet (a refused draft, a proposal) has none. */
async function recordMove(
  ctx: Context,
  tx: Transaction,
  row: CaseRow,
  event: NewCaseEvent,
  sequence: number,
) {
  const publicId = row.publicId as string;
  const common = { key: sequence, role: "moderator" } as const;
  if (event.type === "case-notified") {
    await publishCase(ctx, tx, row);
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "notify",
      predicate: {
        case: publicId,
        replyDueAt: event.data.replyDueAt,
        notice: await storePayload(tx, `${event.data.notice.en}\n\n${event.data.notice.zh}`),
      },
    });
  } else if (event.type === "case-opened") {
    await publishCaseActs(tx, row);
    const releases = row.releases.map(({ role, release }) => ({
      role: role as "original",
      source: release.source as "hf",
      repository: release.repository,
      commit: release.commit,
    }));
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "open",
      predicate: { case: publicId, releases, reason: event.data.reason },
    });
  } else if (event.type === "case-resolved") {
    const { digests } = await findingBasis(tx, row);
    const used = event.data.reasons.flatMap((reason) => digests.get(reason.runId ?? "") ?? []);
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "finding",
      predicate: {
        case: publicId,
        finding: event.data.finding,
        reasons: event.data.reasons.map((reason) => reason.code),
        results: [...new Set(used)].sort(),
      },
    });
    await recordOutcome(ctx, tx, row, { state: "resolved", ...event.data, by: "moderators", sequence });
  } else if (event.type === "case-withdrawn") {
    await publishCaseActs(tx, row);
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "withdraw",
      predicate: { what: "case", id: publicId, reason: await storePayload(tx, event.data.reason) },
    });
    await recordOutcome(ctx, tx, row, { state: "withdrawn", ...event.data, sequence });
  } else if (event.type === "case-appeal-dismissed") {
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "moderate",
      predicate: {
        case: publicId,
        action: "dismiss-appeal",
        subject: event.data.postId,
        reason: event.data.reason,
        note: null,
      },
    });
  } else if (event.type === "case-reopened") {
    await recordCaseAct(ctx, tx, row, {
      ...common,
      kind: "state",
      predicate: { case: publicId, from: row.state, to: "open", reason: event.data.reason, note: null },
    });
  }
}
