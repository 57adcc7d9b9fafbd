import { casePaths, lockCase } from "@/lib/cases/server";
import { parseSourceSpec } from "@/lib/engine/io/source/spec";
import type { Context } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { pagesChanged } from "@/lib/platform/pages";
import { fetchLink } from "./fetch-link";
import { recordLinkCapture } from "./record-link-capture";

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
  const answer = await fetchLink(link.url, await trustedFor(ctx, link.url));
  const capturedAt = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    // The case first, as every command on it does: a redaction and this take turns.
    const { post } = link.version;
    const row = await lockCase(tx, post.caseId);
    // The text may have been redacted while its link was asked: then nothing of it is kept.
    const [still] = await tx.$queryRaw<{ readonly taken: boolean }[]>`
      SELECT capture_id IS NOT NULL AS taken FROM post_link WHERE id = ${link.id} FOR UPDATE`;
    // Two workers with the same job: the second finds the place taken.
    if (still === undefined || still.taken) return;
    const captureId = newId("lnk");
    const capture = await tx.linkCapture.create({
      data: { id: captureId, url: link.url, ...answer, capturedAt },
    });
    await tx.postLink.update({ where: { id: link.id }, data: { captureId } });
    await recordLinkCapture(tx, row, { ...capture, postId: post.id });
    await pagesChanged(tx, [...casePaths(post.case.publicId).slice(0, 1), `/evidence/${post.id}`]);
  });
}

/**
 * The configured source may be a mirror inside the house. A stranger's link is followed there only into a repository
 * that this ledger has read itself: no other path of that host, and no way to it by a redirect from elsewhere.
 */
async function trustedFor(ctx: Pick<Context, "db" | "sources">, url: string): Promise<string | null> {
  const { endpoint } = ctx.sources.hf;
  if (new URL(url).origin !== new URL(endpoint).origin) return null;
  const repository = repositoryIn(url, endpoint);
  const known =
    repository !== null &&
    (await ctx.db.release.findFirst({ where: { source: "hf", repository }, select: { id: true } })) !== null;
  return known ? endpoint : null;
}

function repositoryIn(url: string, endpoint: string): string | null {
  try {
    return parseSourceSpec(url, { hubOrigin: endpoint }).repository;
  } catch {
    return null;
  }
}
