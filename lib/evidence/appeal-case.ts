import { may } from "@/lib/cases";
import {
  accessOf,
  actorOf,
  appendCaseEvent,
  casePaths,
  factsOf,
  lockCase,
  recordCaseAct,
  transition,
} from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { publishPost } from "./publish-post";
import { interestOf } from "./reply-as-party";
import { type AppealCaseInput, appealCaseInput } from "./schema";

/**
 * The reporter or a named party asks for another look at a finding or a withdrawal, within its 14 days, once. The reasons
 * are a text of the case like any other: a party's stands where its replies stand. A moderator accepts the appeal by
 * opening the case again, or dismisses it with a public reason.
 * Errors: sign-in-required, invalid-input, not-found, not-allowed, wrong-state (not over, or too late), already-done.
 */
export async function appealCase(ctx: Context, input: AppealCaseInput): Promise<{ readonly postId: string }> {
  const userId = memberOf(ctx.viewer);
  const asked = parseInput(appealCaseInput, input);
  const key = asked.idempotencyKey === undefined ? null : `${userId}:${asked.idempotencyKey}`;
  return ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, asked.caseId);
    const access = accessOf(row);
    if (!may(ctx.viewer, access).see) throw new AppError("not-found");
    const same = key === null ? null : await tx.post.findUnique({ where: { idempotencyKey: key } });
    if (same) return { postId: same.id };
    const now = ctx.clock.now();
    const result = transition(await factsOf(tx, row), { act: "appeal" }, actorOf(ctx.viewer, access), now);
    if (!result.ok) throw new AppError(result.code, { detail: { state: row.state } });

    const party = row.parties.find((one) => one.userId === userId && one.acceptedAt !== null) ?? null;
    const postId = await publishPost(ctx, tx, row, {
      claim: null,
      parentId: null,
      party,
      interest: party ? interestOf(party) : row.interest,
      interestNote: party ? null : row.interestNote,
      body: asked.body,
      idempotencyKey: key,
      ownKey: asked.ownKey,
    });
    const appeal = {
      against: row.state as "resolved" | "withdrawn",
      by: party ? "party" : "reporter",
      side: party ? (party.side as "original" | "suspect") : null,
      grounds: asked.grounds,
    } as const;
    await appendCaseEvent(
      tx,
      row.id,
      { type: "case-appealed", data: { postId, ...appeal } },
      { actorId: userId, at: now },
    );
    await recordCaseAct(ctx, tx, row, {
      kind: "appeal",
      key: postId,
      role: appeal.by,
      predicate: { case: row.publicId as string, post: postId, ...appeal },
      ownKey: asked.ownKey,
    });
    await pagesChanged(tx, casePaths(row.publicId));
    return { postId };
  });
}
