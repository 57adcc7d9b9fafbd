import type { Ending } from "./appeals";
import type { CaseState, Finding, FindingReason, ModeratorAct } from "./schema";

/** The procedure of a case (PRODUCT, "The states of a case"): pure, the only place where a state changes. */

const hour = 3_600_000;
export const replyClockMs = 7 * 24 * hour;
export const appealMs = 14 * 24 * hour;
export const draftLifeMs = 90 * 24 * hour;
export const secondLookMs = 24 * hour;

/** A two-person act that waits for its second person, or for 24 hours. */
export type Proposal = { readonly by: string; readonly at: string } & (
  | { readonly act: "resolve"; readonly finding: Finding; readonly reasons: readonly FindingReason[] }
  | { readonly act: "withdraw"; readonly reason: string }
);

export interface CaseFacts {
  readonly state: CaseState;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly replyDueAt: Date | null;
  readonly resolvedAt: Date | null;
  readonly withdrawnAt: Date | null;
  /** Told from public sources: nothing was decided here. */
  readonly documented: boolean;
  /** A named party has replied. */
  readonly partyReplied: boolean;
  readonly ending: Ending;
  readonly proposal: Proposal | null;
}

export interface CaseActor {
  readonly userId: string | null;
  readonly reporter: boolean;
  readonly party: boolean;
  readonly moderator: boolean;
  /** The site itself: housekeeping and the worker. */
  readonly system: boolean;
}

export type CaseAct =
  | ModeratorAct
  | { readonly act: "submit" }
  | { readonly act: "retract" }
  | { readonly act: "queue-run" }
  | { readonly act: "withdraw"; readonly reason: string }
  | { readonly act: "appeal" }
  | { readonly act: "expire" };

/** What changes in the row; keys that stay out are left alone. */
export interface CasePatch {
  readonly state?: CaseState;
  readonly submittedAt?: Date | null;
  readonly refusedReason?: string | null;
  readonly notifiedAt?: Date;
  readonly replyDueAt?: Date;
  readonly openedAt?: Date;
  readonly resolvedAt?: Date | null;
  readonly withdrawnAt?: Date | null;
  readonly finding?: Finding;
  readonly findingReasons?: readonly FindingReason[];
  readonly proposal?: Proposal | null;
}

export type Transition =
  | { readonly ok: true; readonly patch: CasePatch; readonly reason?: string; readonly people?: 1 | 2 }
  | { readonly ok: false; readonly code: "not-allowed" | "wrong-state" | "already-done" };

const refused = (code: "not-allowed" | "wrong-state" | "already-done"): Transition => ({ ok: false, code });
const done = (patch: CasePatch, extra: { reason?: string; people?: 1 | 2 } = {}): Transition => ({
  ok: true,
  patch,
  ...extra,
});

/** Who may do this at all, whatever the state. */
function mayAct(act: CaseAct["act"], actor: CaseActor): boolean {
  switch (act) {
    case "submit":
    case "retract":
    case "withdraw":
      return actor.reporter;
    case "queue-run":
      return actor.reporter || actor.party || actor.moderator;
    case "appeal":
      return actor.reporter || actor.party;
    case "dismiss-appeal":
      // Nobody answers an appeal in a case of their own.
      return actor.moderator && !actor.reporter && !actor.party;
    case "expire":
      return actor.system;
    default:
      return actor.moderator;
  }
}

export function isExpiredDraft(
  facts: Pick<CaseFacts, "state" | "submittedAt" | "createdAt">,
  now: Date,
): boolean {
  return (
    facts.state === "draft" &&
    facts.submittedAt === null &&
    now.getTime() - facts.createdAt.getTime() >= draftLifeMs
  );
}

const living: readonly CaseState[] = ["open", "under_verification"];
const told: readonly CaseState[] = ["notified", "open", "under_verification"];

export function transition(facts: CaseFacts, act: CaseAct, actor: CaseActor, now: Date): Transition {
  if (!mayAct(act.act, actor)) return refused("not-allowed");
  const { state } = facts;
  switch (act.act) {
    case "submit":
      if (state !== "draft" || isExpiredDraft(facts, now)) return refused("wrong-state");
      if (facts.submittedAt) return refused("already-done");
      return done({ submittedAt: now, refusedReason: null });
    case "retract":
      if (state !== "draft" || !facts.submittedAt) return refused("wrong-state");
      return done({ submittedAt: null });
    case "refuse":
      if (state !== "draft" || !facts.submittedAt) return refused("wrong-state");
      return done({ submittedAt: null, refusedReason: act.reason }, { reason: act.reason });
    case "notify":
      if (state !== "draft" || !facts.submittedAt) return refused("wrong-state");
      return done({
        state: "notified",
        notifiedAt: now,
        replyDueAt: new Date(now.getTime() + replyClockMs),
      });
    case "open": {
      if (state !== "notified") return refused("wrong-state");
      const ranOut = facts.replyDueAt !== null && now.getTime() >= facts.replyDueAt.getTime();
      if (!facts.partyReplied && !ranOut) return refused("wrong-state");
      return done(
        { state: "open", openedAt: now },
        { reason: facts.partyReplied ? "reply-received" : "clock-ran-out" },
      );
    }
    case "open-early":
      if (state !== "notified") return refused("wrong-state");
      return done({ state: "open", openedAt: now }, { reason: act.reason });
    case "queue-run":
      if (!living.includes(state)) return refused("wrong-state");
      return done(state === "open" ? { state: "under_verification" } : {});
    case "propose-resolution":
      if (!living.includes(state)) return refused("wrong-state");
      if (facts.proposal) return refused("already-done");
      return done({
        proposal: {
          act: "resolve",
          by: actor.userId ?? "",
          at: now.toISOString(),
          finding: act.finding,
          reasons: act.reasons,
        },
      });
    case "propose-withdrawal":
      if (!told.includes(state) && state !== "resolved") return refused("wrong-state");
      if (facts.proposal) return refused("already-done");
      return done({
        proposal: { act: "withdraw", by: actor.userId ?? "", at: now.toISOString(), reason: act.reason },
      });
    case "discard-proposal":
      return facts.proposal ? done({ proposal: null }) : refused("wrong-state");
    case "confirm":
      return confirm(facts, actor, now);
    case "reopen":
      return reopen(facts, act.reason, now);
    case "appeal":
      return appeal(facts, actor, now);
    case "dismiss-appeal":
      return dismissAppeal(facts, act.postId, actor, now);
    case "withdraw":
      if (!told.includes(state)) return refused("wrong-state");
      return done(
        { state: "withdrawn", withdrawnAt: now, proposal: null },
        { reason: act.reason, people: 1 },
      );
    case "expire":
      return isExpiredDraft(facts, now) ? done({}) : refused("wrong-state");
  }
}

/** Two people, or one and 24 hours. */
function confirm(facts: CaseFacts, actor: CaseActor, now: Date): Transition {
  const { proposal, state } = facts;
  if (!proposal) return refused("wrong-state");
  const second = proposal.by !== actor.userId;
  if (!second && now.getTime() - Date.parse(proposal.at) < secondLookMs) return refused("not-allowed");
  const people = second ? 2 : 1;
  if (proposal.act === "withdraw") {
    if (!told.includes(state) && state !== "resolved") return refused("wrong-state");
    return done(
      { state: "withdrawn", withdrawnAt: now, proposal: null },
      { reason: proposal.reason, people },
    );
  }
  if (!living.includes(state)) return refused("wrong-state");
  return done(
    {
      state: "resolved",
      resolvedAt: now,
      finding: proposal.finding,
      findingReasons: proposal.reasons,
      proposal: null,
    },
    { people },
  );
}

/** Since when the case has been over; null while it is not. */
function endedAt(facts: Pick<CaseFacts, "state" | "resolvedAt" | "withdrawnAt">): Date | null {
  if (facts.state === "resolved") return facts.resolvedAt;
  return facts.state === "withdrawn" ? facts.withdrawnAt : null;
}

/**
 * The reporter and the named parties may appeal for 14 days against a finding or a withdrawal, each once. Who withdrew
 * the report themselves has nothing to appeal against.
 */
function appeal(facts: CaseFacts, actor: CaseActor, now: Date): Transition {
  const since = endedAt(facts);
  const { appellants, byReporter } = facts.ending;
  if (since === null || facts.documented || now.getTime() - since.getTime() >= appealMs)
    return refused("wrong-state");
  if (byReporter && actor.reporter) return refused("not-allowed");
  return appellants.includes(actor.userId ?? "") ? refused("already-done") : done({});
}

/** By somebody who had no part in what it is against; or by one of them after 24 hours. */
function dismissAppeal(facts: CaseFacts, postId: string, actor: CaseActor, now: Date): Transition {
  const standing = facts.ending.standing.find((one) => one.postId === postId);
  if (standing === undefined) return refused("wrong-state");
  const tookPart = facts.ending.decidedBy.includes(actor.userId ?? "");
  const tooSoon = now.getTime() - standing.at.getTime() < secondLookMs;
  return tookPart && tooSoon ? refused("not-allowed") : done({});
}

/**
 * New evidence or a recalled method reopens a resolved case at any time; otherwise an appeal that was made in time, and a
 * withdrawn one by an appeal alone. The finding stands, with its date, until there is another.
 */
function reopen(facts: CaseFacts, reason: string, now: Date): Transition {
  if (endedAt(facts) === null) return refused("wrong-state");
  const appealed = facts.ending.standing.length > 0;
  if (reason === "appeal-accepted" ? !appealed : facts.state === "withdrawn") return refused("wrong-state");
  return done(
    { state: "open", resolvedAt: null, withdrawnAt: null, openedAt: now, proposal: null },
    { reason },
  );
}
