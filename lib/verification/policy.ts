import type { Viewer } from "@/lib/platform/context";
import type { RunStateName } from "./dto";
import { hasEnded } from "./state";

/** What policies need to know about the case a run belongs to. */
export interface CaseFacts {
  readonly state: string;
  readonly reporterId: string;
  /** Users accepted as speaking for one of the named parties. */
  readonly partyUserIds: readonly string[];
}

const publicStates: ReadonlySet<string> = new Set(["open", "under_verification", "resolved", "withdrawn"]);

export function isModerator(viewer: Viewer): boolean {
  return viewer.role === "moderator" || viewer.role === "admin";
}

export function takesPart(viewer: Viewer, facts: CaseFacts): boolean {
  if (viewer.userId === null) return false;
  return (
    isModerator(viewer) ||
    facts.reporterId === viewer.userId ||
    facts.partyUserIds.includes(viewer.userId)
  );
}

/** Anonymous readers see the runs of public cases; before that, only who takes part. */
export function maySeeCaseRuns(viewer: Viewer, facts: CaseFacts): boolean {
  return publicStates.has(facts.state) || takesPart(viewer, facts);
}

/** Reporter, parties and moderators queue runs, while the case stands open. */
export function mayQueueRun(viewer: Viewer, facts: CaseFacts): "yes" | "sign-in" | "not-allowed" | "wrong-state" {
  if (viewer.userId === null) return "sign-in";
  if (!takesPart(viewer, facts)) return "not-allowed";
  return facts.state === "open" || facts.state === "under_verification" ? "yes" : "wrong-state";
}

/** Who asked for it, or a moderator; a look-up nobody signed for can only be stopped by a moderator. */
export function mayCancelRun(
  viewer: Viewer,
  run: { readonly requestedById: string | null; readonly state: RunStateName },
): boolean {
  if (viewer.userId === null || hasEnded(run.state)) return false;
  return isModerator(viewer) || run.requestedById === viewer.userId;
}
