import { casePaths } from "@/lib/cases/server";
import { parseSourceSpec } from "@/lib/engine/io/source/spec";
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
  const answer = await fetchLink(link.url, await trustedFor(ctx, link.url));
  const capturedAt = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    // The text may have been redacted while its link was asked: then nothing of it is kept.
    const [still] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM post_link WHERE id = ${link.id} FOR UPDATE`;
    if (still === undefined) return;
    const captureId = newId("lnk");
    await tx.linkCapture.create({ data: { id: captureId, url: link.url, ...answer, capturedAt } });
    // Two workers with the same job: the second finds the place taken and its capture stays unused.
    await tx.postLink.updateMany({ where: { id: link.id, captureId: null }, data: { captureId } });
    const { post } = link.version;
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
