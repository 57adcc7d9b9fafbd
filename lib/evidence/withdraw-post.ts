import { may } from "@/lib/cases";
import { accessOf, appendCaseEvent, casePaths, recordCaseAct } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { lockPost } from "./lock-post";
import { mayChangePost } from "./policy";
import { type WithdrawPostInput, withdrawPostInput } from "./schema";

/** The author withdraws a post: it keeps its place, address and replies, and shows as withdrawn. */
export async function withdrawPost(ctx: Context, input: WithdrawPostInput): Promise<void> {
  const userId = memberOf(ctx.viewer);
  const { postId, ownKey } = parseInput(withdrawPostInput, input);
  await ctx.db.$transaction(async (tx) => {
    const { row, post } = await lockPost(tx, postId);
    if (!may(ctx.viewer, accessOf(row)).see) throw new AppError("not-found");
    if (post.authorId !== userId) throw new AppError("not-allowed");
    if (post.state === "withdrawn") return;
    if (!mayChangePost(ctx.viewer, post)) throw new AppError("not-allowed");
    // The statement is the report itself: that is withdrawn as a case.
    if (post.kind === "statement") throw new AppError("wrong-state");
    const now = ctx.clock.now();
    await tx.post.update({ where: { id: post.id }, data: { state: "withdrawn" } });
    await appendCaseEvent(
      tx,
      row.id,
      { type: "post-withdrawn", data: { postId: post.id } },
      { actorId: userId, at: now },
    );
    await recordCaseAct(ctx, tx, row, {
      kind: "withdraw",
      key: post.id,
      role: post.partyId ? "party" : "member",
      predicate: { what: "post", id: post.id, reason: null },
      ownKey,
    });
    await pagesChanged(tx, [...casePaths(row.publicId), `/evidence/${post.id}`]);
  });
}
