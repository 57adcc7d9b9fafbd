import type { Viewer } from "@/lib/platform/context";

/** Who speaks for the instance: what its own endpoints run is theirs to say. */
export function speaksForInstance(viewer: Viewer): boolean {
  return viewer.role === "moderator" || viewer.role === "admin";
}

/**
 * Anybody with an account asks references and suspects, or confirms what somebody else has collected; the original's own
 * answers are its author's to have asked.
 */
export function mayAsk(
  viewer: Viewer,
  set: { readonly ownerId: string },
  { role, confirms }: { readonly role: string; readonly confirms?: string | undefined },
): boolean {
  if (viewer.userId === null) return false;
  const own = role === "original" && confirms === undefined;
  return !own || viewer.userId === set.ownerId || speaksForInstance(viewer);
}

/** Who asked for it, or a moderator. */
export function mayCancel(
  viewer: Viewer,
  job: { readonly requestedById: string | null; readonly state: string },
): boolean {
  if (viewer.userId === null || (job.state !== "queued" && job.state !== "running")) return false;
  return speaksForInstance(viewer) || job.requestedById === viewer.userId;
}
