import type { Viewer } from "@/lib/platform/context";
import type { CaseState } from "./schema";
import type { CaseActor } from "./state";

/** What policies and queries need to know of a case; never more. */
export interface CaseAccess {
  readonly state: CaseState;
  readonly reporterId: string;
  /** Users accepted as speaking for a named party. */
  readonly partyUserIds: readonly string[];
}

export interface CaseMay {
  readonly see: boolean;
  readonly editDraft: boolean;
  readonly submit: boolean;
  readonly moderate: boolean;
  readonly withdraw: boolean;
  readonly requestRun: boolean;
  readonly addEvidence: boolean;
  /** Never depends on the state: whoever is accepted as a party may always reply. */
  readonly replyAsParty: boolean;
}

export function actorOf(viewer: Viewer, access: CaseAccess): CaseActor {
  return {
    userId: viewer.userId,
    reporter: viewer.userId !== null && viewer.userId === access.reporterId,
    party: viewer.userId !== null && access.partyUserIds.includes(viewer.userId),
    moderator: viewer.role === "moderator" || viewer.role === "admin",
    system: false,
  };
}

export function may(viewer: Viewer, access: CaseAccess): CaseMay {
  const { reporter, party, moderator } = actorOf(viewer, access);
  const { state } = access;
  const draft = state === "draft";
  const living = state === "open" || state === "under_verification";
  return {
    see: !draft || reporter || moderator,
    editDraft: draft && reporter,
    submit: draft && reporter,
    moderate: moderator,
    withdraw: reporter && (state === "notified" || living),
    requestRun: living && (reporter || party || moderator),
    // Before a case is open only those it concerns write in it; after a withdrawal only parties reply.
    addEvidence:
      viewer.userId !== null &&
      (living || state === "resolved" || (state === "notified" && (reporter || party || moderator))),
    replyAsParty: party,
  };
}
