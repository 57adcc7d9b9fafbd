import type { Context, Viewer } from "@/lib/platform/context";
import type { PostDto, ThreadDto, ThreadPostDto } from "./dto";
import { linkDates, maySeePost, postDto, postInclude } from "./post-facts";

/**
 * The thread of a case (internal id) for a viewer who may see the case: the statement, the pinned replies of named
 * parties, and evidence with its replies, oldest first.
 */
export async function threadOf(ctx: Pick<Context, "db">, caseId: string, viewer: Viewer): Promise<ThreadDto> {
  const rows = await ctx.db.post.findMany({
    where: { caseId },
    include: postInclude,
    orderBy: { sequence: "asc" },
  });
  const dateOf = await linkDates(ctx.db, rows);
  const posts = rows.filter((row) => maySeePost(viewer, row)).map((row) => postDto(row, viewer, dateOf));
  const childrenOf = new Map<string, PostDto[]>();
  for (const post of posts)
    if (post.parentId !== null) {
      const siblings = childrenOf.get(post.parentId) ?? [];
      siblings.push(post);
      childrenOf.set(post.parentId, siblings);
    }
  const withReplies = (post: PostDto): ThreadPostDto => ({
    ...post,
    replies: (childrenOf.get(post.id) ?? []).map(withReplies),
  });
  return {
    statement: posts.find((post) => post.kind === "statement") ?? null,
    partyReplies: posts.filter((post) => post.kind === "party-reply"),
    posts: posts.filter((post) => post.kind === "evidence").map(withReplies),
  };
}
