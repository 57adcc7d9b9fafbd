import { may } from "@/lib/cases";
import { accessOf, findCase, namesOf } from "@/lib/cases/server";
import type { Context, Viewer } from "@/lib/platform/context";
import { diffOf } from "./diff-of";
import type { ChangesSinceDto, OwnPostDto, PostPageDto, PostVersionDto } from "./dto";
import { mayChangePost } from "./policy";
import { linkDates, maySeePost, postDto, postInclude, redactedDto, redactionFields } from "./post-facts";
import { renderMarkdown } from "./render-markdown";

type Reader = Pick<Context, "db">;

/** The permanent page of a post: its words, all versions with what changed, its replies. Null when not to be seen. */
export async function postPage(ctx: Reader, postId: string, viewer: Viewer): Promise<PostPageDto | null> {
  if (!/^\w{1,60}$/.test(postId)) return null;
  const row = await ctx.db.post.findUnique({
    where: { id: postId },
    include: { ...postInclude, claim: { select: { number: true } } },
  });
  if (!row || !maySeePost(viewer, row)) return null;
  const found = await findCase(ctx.db, row.caseId);
  if (!found?.publicId || !may(viewer, accessOf(found)).see) return null;
  const [versions, replies] = await Promise.all([
    ctx.db.postVersion.findMany({
      where: { postId },
      include: { redaction: redactionFields },
      orderBy: { version: "asc" },
    }),
    ctx.db.post.findMany({
      where: { parentId: postId },
      include: postInclude,
      orderBy: { sequence: "asc" },
    }),
  ]);
  const dateOf = await linkDates(ctx.db, [row, ...replies]);
  return {
    post: postDto(row, viewer, dateOf),
    case: {
      id: found.id,
      publicId: found.publicId,
      ...namesOf(found),
      unlisted: found.state === "draft" || found.state === "notified" || found.openedAt === null,
    },
    claimNumber: row.claim?.number ?? null,
    versions: versions.map((version, index): PostVersionDto => {
      const before = versions[index - 1];
      return {
        version: version.version,
        kind: version.kind as PostVersionDto["kind"],
        createdAt: version.createdAt.toISOString(),
        html: renderMarkdown(version.body, `${postId}-v${version.version}`),
        redaction: redactedDto(version),
        // Against words that are gone, or of them, there is nothing to show.
        diff:
          before && version.redaction === null && before.redaction === null
            ? diffOf(before.body, version.body)
            : [],
      };
    }),
    replies: replies
      .filter((reply) => maySeePost(viewer, reply))
      .map((reply) => postDto(reply, viewer, dateOf)),
  };
}

/** One's own text, to change it; null for everybody else's. */
export async function ownPost(ctx: Reader, postId: string, viewer: Viewer): Promise<OwnPostDto | null> {
  const row = await ctx.db.post.findUnique({
    where: { id: postId },
    include: {
      versions: { orderBy: { version: "desc" }, take: 1 },
      case: { select: { publicId: true } },
      _count: { select: { replies: true } },
    },
  });
  if (!row || !mayChangePost(viewer, row) || row.case.publicId === null) return null;
  return {
    id: row.id,
    version: row.current,
    body: row.versions[0]?.body ?? "",
    locked: row._count.replies > 0,
    casePublicId: row.case.publicId,
  };
}

/** What has become of one's own text since the version that was being edited; null when nothing, or for others. */
export async function changesSince(
  ctx: Reader,
  postId: string,
  version: number,
  viewer: Viewer,
): Promise<ChangesSinceDto | null> {
  const own = await ownPost(ctx, postId, viewer);
  if (own === null || own.version === version) return null;
  const base = await ctx.db.postVersion.findUnique({ where: { postId_version: { postId, version } } });
  return base && { version: own.version, locked: own.locked, diff: diffOf(base.body, own.body) };
}
