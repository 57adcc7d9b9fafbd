import { may } from "@/lib/cases";
import { accessOf, type CaseRow, casePaths, lockCase } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Transaction } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { publishPost } from "./publish-post";
import { type AddPostInput, addPostInput } from "./schema";

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
    const postId = await publishPost(ctx, tx, row, {
      claim: claimOf(row, parent ? parent.claimId : (asked.claimId ?? null)),
      parentId: parent?.id ?? null,
      party: null,
      interest: asked.interest,
      interestNote: asked.interestNote ?? null,
      body: asked.body,
      idempotencyKey: key,
      ownKey: asked.ownKey,
    });
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
