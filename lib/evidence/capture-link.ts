import { casePaths } from "@/lib/cases/server";
import type { Context } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { fetchLink } from "./fetch-link";

/** The worker's handler of `link.capture`. Runs again harmlessly: a link has one capture. */
export async function captureLink(
  ctx: Pick<Context, "db" | "clock" | "sources">,
  postLinkId: string,
): Promise<void> {
  const link = await ctx.db.postLink.findUnique({
    where: { id: postLinkId },
    include: { version: { include: { post: { include: { case: { select: { publicId: true } } } } } } },
  });
  if (link === null || link.captureId !== null) return;
  const answer = await fetchLink(link.url, ctx.sources.hf.endpoint);
  const capturedAt = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    const captureId = newId("lnk");
    await tx.linkCapture.create({ data: { id: captureId, url: link.url, ...answer, capturedAt } });
    // Two workers with the same job: the second finds the place taken and its capture stays unused.
    await tx.postLink.updateMany({ where: { id: link.id, captureId: null }, data: { captureId } });
    const { post } = link.version;
    await pagesChanged(tx, [...casePaths(post.case.publicId).slice(0, 1), `/evidence/${post.id}`]);
  });
}
