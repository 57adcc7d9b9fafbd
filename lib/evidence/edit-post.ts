import { may } from "@/lib/cases";
import { accessOf, appendCaseEvent, casePaths, recordCaseAct } from "@/lib/cases/server";
import { storePayload } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { pagesChanged } from "@/lib/platform/pages";
import { consumeAct } from "@/lib/platform/rate-limit/acts";
import { lockPost } from "./lock-post";
import { changeKind, mayChangePost } from "./policy";
import { type EditPostInput, editPostInput } from "./schema";
import { writeVersion } from "./write-version";

/**
 * A new version of one's own text: an edit before the first reply, a dated correction after it. A withdrawn reply
 * still counts: somebody has answered these words.
 */
export async function editPost(
  ctx: Context,
  input: EditPostInput,
): Promise<{ readonly version: number; readonly kind: "edit" | "correction" | "unchanged" }> {
  const userId = memberOf(ctx.viewer);
  const asked = parseInput(editPostInput, input);
  await consumeAct(ctx, "text");
  return ctx.db.$transaction(async (tx) => {
    const { row, post } = await lockPost(tx, asked.postId);
    if (!may(ctx.viewer, accessOf(row)).see) throw new AppError("not-found");
    if (!mayChangePost(ctx.viewer, post)) throw new AppError("not-allowed");
    if (post.versions[0]?.body === asked.body) return { version: post.current, kind: "unchanged" };
    if (asked.baseVersion !== post.current) throw new AppError("changed-meanwhile");

    const kind = changeKind(post._count.replies > 0);
    const version = post.current + 1;
    const now = ctx.clock.now();
    await tx.post.update({ where: { id: post.id }, data: { current: version } });
    await writeVersion(ctx, tx, { postId: post.id, version, kind, body: asked.body });
    await appendCaseEvent(
      tx,
      row.id,
      { type: kind === "edit" ? "post-edited" : "post-corrected", data: { postId: post.id, version } },
      { actorId: userId, at: now },
    );
    await recordCaseAct(ctx, tx, row, {
      kind: "correct",
      key: `${post.id}:${version}`,
      role: post.partyId ? "party" : "member",
      predicate: { case: row.publicId, post: post.id, version, text: await storePayload(tx, asked.body) },
      ownKey: asked.ownKey,
    });
    await pagesChanged(tx, [...casePaths(row.publicId), `/evidence/${post.id}`]);
    return { version, kind };
  });
}
