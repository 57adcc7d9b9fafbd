import type { Viewer } from "@/lib/platform/context";

export interface PostAccess {
  readonly authorId: string;
  readonly state: string;
}

/** Nobody edits or withdraws another's text, moderators included: they redact, with a marker, elsewhere. */
export function mayChangePost(viewer: Viewer, post: PostAccess): boolean {
  return viewer.userId !== null && viewer.userId === post.authorId && post.state !== "withdrawn";
}

/** Free editing ends with the first reply; later only dated corrections. Every version is kept either way. */
export function changeKind(hasReplies: boolean): "edit" | "correction" {
  return hasReplies ? "correction" : "edit";
}
