import { may } from "@/lib/cases";
import { accessOf, type CaseRow, casePaths, lockCase } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { claimOf } from "./add-post";
import { publishPost } from "./publish-post";
import { type ReplyAsPartyInput, replyAsPartyInput } from "./schema";

/**
 * A named party answers the case or one claim: pinned beside it, as wide as it. Asks only whether the account was
 * accepted as this party. No state of the case, however late, takes a reply away.
 */
export async function replyAsParty(
  ctx: Context,
  input: ReplyAsPartyInput,
): Promise<{ readonly postId: string }> {
  const authorId = memberOf(ctx.viewer);
  const asked = parseInput(replyAsPartyInput, input);
  const key = asked.idempotencyKey === undefined ? null : `${authorId}:${asked.idempotencyKey}`;
  return ctx.db.$transaction(async (tx) => {
    const row = await lockCase(tx, asked.caseId);
    const allowed = may(ctx.viewer, accessOf(row));
    if (!allowed.see) throw new AppError("not-found");
    const party = row.parties.find((one) => one.id === asked.partyId);
    if (!allowed.replyAsParty || party?.userId !== authorId || party.acceptedAt === null)
      throw new AppError("not-allowed");
    const same = key === null ? null : await tx.post.findUnique({ where: { idempotencyKey: key } });
    if (same) return { postId: same.id };

    const postId = await publishPost(ctx, tx, row, {
      claim: claimOf(row, asked.claimId ?? null),
      parentId: null,
      party,
      interest: interestOf(party),
      interestNote: null,
      body: asked.body,
      idempotencyKey: key,
      ownKey: asked.ownKey,
    });
    await pagesChanged(tx, casePaths(row.publicId));
    return { postId };
  });
}

/** The side that a party speaks for is its interest. */
export function interestOf({ side }: CaseRow["parties"][number]): "author-of-original" | "author-of-suspect" {
  return side === "original" ? "author-of-original" : "author-of-suspect";
}
