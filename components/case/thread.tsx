import { useTranslations } from "next-intl";
import type { EntriesByPart } from "@/components/log/entries-by-part";
import { Empty } from "@/components/states/states";
import type { ThreadPostDto } from "@/lib/evidence/dto";
import { Post } from "./post";

interface ThreadProps {
  readonly posts: readonly ThreadPostDto[];
  readonly publicId: string;
  /** Claim numbers by id */
  readonly claims: ReadonlyMap<string, number>;
  readonly open: boolean;
  readonly entries: EntriesByPart;
}

/** Evidence and what was replied to it, oldest first. Replies indent once: deeper ones keep their place by order. */
export function Thread({ posts, publicId, claims, open, entries }: ThreadProps) {
  const t = useTranslations("evidence");
  if (posts.length === 0)
    return (
      <Empty title={t("none")} level={3}>
        <p>{t("noneText")}</p>
      </Empty>
    );
  return (
    <div className="thread">
      {posts.map((post) => (
        <Branch key={post.id} post={post} publicId={publicId} claims={claims} open={open} entries={entries} />
      ))}
    </div>
  );
}

interface BranchProps extends Omit<ThreadProps, "posts"> {
  readonly post: ThreadPostDto;
}

function Branch({ post, publicId, claims, open, entries }: BranchProps) {
  const replyHref = open && post.state === "visible" ? `/cases/${publicId}/take-part?reply=${post.id}` : null;
  return (
    <Post
      post={post}
      entry={entries.get(post.id)}
      claimNumber={post.parentId === null && post.claimId ? (claims.get(post.claimId) ?? null) : null}
      {...(replyHref ? { replyHref } : {})}
    >
      {post.replies.length > 0 ? (
        <div className="post-replies">
          {post.replies.map((reply) => (
            <Branch
              key={reply.id}
              post={reply}
              publicId={publicId}
              claims={claims}
              open={open}
              entries={entries}
            />
          ))}
        </div>
      ) : null}
    </Post>
  );
}
