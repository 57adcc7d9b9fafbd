import { may } from "@/lib/cases";
import { accessOf, appendCaseEvent, casePaths, lockCase, recordCaseAct } from "@/lib/cases/server";
import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { claimOf } from "./add-post";
import { type ReplyAsPartyInput, replyAsPartyInput } from "./schema";
import { writeVersion } from "./write-version";

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

    const claim = claimOf(row, asked.claimId ?? null);
    const side = party.side as "original" | "suspect";
    const interest = side === "original" ? "author-of-original" : "author-of-suspect";
    const now = ctx.clock.now();
    const postId = newId("pst");
    await tx.post.create({
      data: {
        id: postId,
        caseId: row.id,
        claimId: claim?.id ?? null,
        kind: "party-reply",
        authorId,
        partyId: party.id,
        interest,
        createdAt: now,
        idempotencyKey: key,
      },
    });
    await writeVersion(ctx, tx, { postId, version: 1, kind: "first", body: asked.body });
    await appendCaseEvent(
      tx,
      row.id,
      { type: "post-added", data: { postId, kind: "party-reply", claimId: claim?.id ?? null, side } },
      { actorId: authorId, at: now },
    );
    await recordCaseAct(ctx, tx, row, {
      kind: "reply",
      key: `${postId}:1`,
      role: "party",
      predicate: {
        case: row.publicId as string,
        post: postId,
        version: 1,
        claim: claim?.number ?? null,
        parent: null,
        side,
        interest,
        text: await storePayload(tx, asked.body),
      },
    });
    await pagesChanged(tx, casePaths(row.publicId));
    return { postId };
  });
}
