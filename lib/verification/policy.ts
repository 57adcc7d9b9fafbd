import { type CaseAccess, may } from "@/lib/cases";
import type { Viewer } from "@/lib/platform/context";
import type { RunStateName } from "./dto";
import { hasEnded } from "./state";

export function isModerator(viewer: Viewer): boolean {
  return viewer.role === "moderator" || viewer.role === "admin";
}

/** A case's runs are seen by whoever sees the case. */
export function maySeeCaseRuns(viewer: Viewer, access: CaseAccess): boolean {
  return may(viewer, access).see;
}

/** Reporter, parties and moderators queue runs, while the case stands open. */
export function mayQueueRun(
  viewer: Viewer,
  access: CaseAccess,
): "yes" | "sign-in-required" | "not-allowed" | "wrong-state" {
  if (viewer.userId === null) return "sign-in-required";
  if (may(viewer, access).requestRun) return "yes";
  // The same person could in a living case: then it is the state that stands in the way.
  return may(viewer, { ...access, state: "open" }).requestRun ? "wrong-state" : "not-allowed";
}

/** Who asked for it, or a moderator; a look-up nobody signed for can only be stopped by a moderator. */
export function mayCancelRun(
  viewer: Viewer,
  run: { readonly requestedById: string | null; readonly state: RunStateName },
): boolean {
  if (viewer.userId === null || hasEnded(run.state)) return false;
  return isModerator(viewer) || run.requestedById === viewer.userId;
}
