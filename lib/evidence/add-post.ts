import { may } from "@/lib/cases";
import {
  accessOf,
  appendCaseEvent,
  type CaseRow,
  casePaths,
  lockCase,
  recordCaseAct,
} from "@/lib/cases/server";
import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { type AddPostInput, addPostInput } from "./schema";
import { writeVersion } from "./write-version";

/** Adds evidence to a case or a claim, or a reply to a post. The same key twice is the same post. */
export async function addPost(ctx: Context, input: AddPostInput): Promise<{ readonly postId: string }> {
  const authorId = memberOf(ctx.viewer);
  const asked = parseInput(addPostInput, input);
  const key = asked.idempotencyKey === undefined ? null : `${authorId}:${asked.idempotencyKey}`;
  await consumeAct(ctx, "text");
  return ctx.db.$transaction(async (tx) => {
    // The case's lock comes first: a reply and an edit of what it answers take turns.
    const row = await lockCase(tx, asked.caseId);
    const allowed = may(ctx.viewer, accessOf(row));
    if (!allowed.see) throw new AppError("not-found");
    const same = key === null ? null : await tx.post.findUnique({ where: { idempotencyKey: key } });
    if (same) return { postId: same.id };
    if (!allowed.addEvidence) throw new AppError("wrong-state", { detail: { state: row.state } });

    const parent = asked.parentId ? await parentOf(tx, row, asked.parentId) : null;
    const claimId = parent ? parent.claimId : (asked.claimId ?? null);
    const claim = claimOf(row, claimId);
    const now = ctx.clock.now();
    const postId = newId("pst");
    await tx.post.create({
      data: {
        id: postId,
        caseId: row.id,
        claimId,
        parentId: parent?.id ?? null,
        kind: parent ? "reply" : "evidence",
        authorId,
        interest: asked.interest,
        interestNote: asked.interestNote ?? null,
        createdAt: now,
        idempotencyKey: key,
      },
    });
    await writeVersion(ctx, tx, { postId, version: 1, kind: "first", body: asked.body });
    const kind = parent ? "reply" : "evidence";
    await appendCaseEvent(
      tx,
      row.id,
      { type: "post-added", data: { postId, kind, claimId, side: null } },
      { actorId: authorId, at: now },
    );
    const predicate = {
      case: row.publicId as string,
      post: postId,
      version: 1,
      claim: claim?.number ?? null,
      interest: asked.interest,
      text: await storePayload(tx, asked.body),
    };
    const act = { key: `${postId}:1`, role: authorId === row.reporterId ? "reporter" : "member" } as const;
    if (parent)
      await recordCaseAct(ctx, tx, row, {
        ...act,
        kind: "reply",
        predicate: { ...predicate, parent: parent.id, side: null },
      });
    else await recordCaseAct(ctx, tx, row, { ...act, kind: "evidence", predicate });
    await pagesChanged(tx, [...casePaths(row.publicId), ...(parent ? [`/evidence/${parent.id}`] : [])]);
    return { postId };
  });
}

async function parentOf(tx: Transaction, row: CaseRow, parentId: string) {
  const parent = await tx.post.findFirst({ where: { id: parentId, caseId: row.id } });
  if (!parent) throw new AppError("invalid-input", { fields: { parentId: "unknown" } });
  if (parent.state !== "visible") throw new AppError("wrong-state", { detail: { state: parent.state } });
  return parent;
}

/** The claim of this very case, or null; a forged id of another case's claim is refused. */
export function claimOf(row: CaseRow, claimId: string | null): CaseRow["claims"][number] | null {
  if (claimId === null) return null;
  const claim = row.claims.find((one) => one.id === claimId);
  if (!claim) throw new AppError("invalid-input", { fields: { claimId: "unknown" } });
  return claim;
}
