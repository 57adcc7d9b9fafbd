import { describe, expect, it } from "vitest";
import { type CaseState, caseStates } from "./schema";
import {
  appealMs,
  type CaseAct,
  type CaseActor,
  type CaseFacts,
  draftLifeMs,
  replyClockMs,
  secondLookMs,
  transition,
} from "./state";

const now = new Date("2026-03-01T12:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms);

const nobody: CaseActor = { userId: "usr_x", reporter: false, party: false, moderator: false, system: false };
const actors = {
  member: nobody,
  reporter: { ...nobody, userId: "usr_r", reporter: true },
  party: { ...nobody, userId: "usr_p", party: true },
  moderator: { ...nobody, userId: "usr_m", moderator: true },
  system: { ...nobody, userId: null, system: true },
} satisfies Record<string, CaseActor>;
type Role = keyof typeof actors;

const standing = {
  postId: "pst_a",
  by: "party",
  side: "suspect",
  grounds: "measurement-wrong",
  userId: "usr_a",
  at: ago(100),
} as const;

/** A submitted case in each state, everything in time, an appeal of somebody else waiting. */
function factsIn(state: CaseState, change: Partial<CaseFacts> = {}): CaseFacts {
  return {
    state,
    createdAt: ago(1000),
    submittedAt: ago(900),
    replyDueAt: ago(1),
    resolvedAt: state === "resolved" ? ago(500) : null,
    withdrawnAt: state === "withdrawn" ? ago(500) : null,
    documented: false,
    partyReplied: false,
    ending: { decidedBy: ["usr_d"], byReporter: false, appellants: ["usr_a"], standing: [standing] },
    proposal: null,
    ...change,
  };
}

const resolve = {
  act: "propose-resolution",
  finding: "inconclusive",
  reasons: [{ code: "metadata-only", runId: "run_1" }],
} as const satisfies CaseAct;
const acts: readonly CaseAct[] = [
  { act: "submit" },
  { act: "retract" },
  { act: "refuse", reason: "names-people" },
  { act: "notify" },
  { act: "open" },
  { act: "open-early", reason: "deleted" },
  { act: "queue-run" },
  resolve,
  { act: "propose-withdrawal", reason: "mistaken" },
  { act: "reopen", reason: "new-evidence" },
  { act: "reopen", reason: "appeal-accepted" },
  { act: "appeal" },
  { act: "dismiss-appeal", postId: "pst_a", reason: "considered-before" },
  { act: "withdraw", reason: "mistaken" },
  { act: "confirm" },
  { act: "discard-proposal" },
  { act: "expire" },
];

// Who may do it, and in which states it leads where. Everything that is not in this table is refused.
const told: readonly CaseState[] = ["notified", "open", "under_verification"];
const table: Record<string, { by: readonly Role[]; from: Partial<Record<CaseState, CaseState>> }> = {
  submit: { by: ["reporter"], from: {} },
  retract: { by: ["reporter"], from: { draft: "draft" } },
  refuse: { by: ["moderator"], from: { draft: "draft" } },
  notify: { by: ["moderator"], from: { draft: "notified" } },
  open: { by: ["moderator"], from: { notified: "open" } },
  "open-early": { by: ["moderator"], from: { notified: "open" } },
  "queue-run": {
    by: ["reporter", "party", "moderator"],
    from: { open: "under_verification", under_verification: "under_verification" },
  },
  "propose-resolution": {
    by: ["moderator"],
    from: { open: "open", under_verification: "under_verification" },
  },
  "propose-withdrawal": {
    by: ["moderator"],
    from: Object.fromEntries([...told, "resolved" as const].map((state) => [state, state])),
  },
  "reopen:new-evidence": { by: ["moderator"], from: { resolved: "open" } },
  "reopen:appeal-accepted": { by: ["moderator"], from: { resolved: "open", withdrawn: "open" } },
  appeal: { by: ["reporter", "party"], from: { resolved: "resolved", withdrawn: "withdrawn" } },
  "dismiss-appeal": {
    by: ["moderator"],
    from: Object.fromEntries(caseStates.map((state) => [state, state])),
  },
  withdraw: { by: ["reporter"], from: Object.fromEntries(told.map((state) => [state, "withdrawn"])) },
  confirm: { by: ["moderator"], from: {} },
  "discard-proposal": { by: ["moderator"], from: {} },
  expire: { by: ["system"], from: {} },
};

describe("transition: every state × act × role", () => {
  for (const act of acts) {
    const name = act.act === "reopen" ? `reopen:${act.reason}` : act.act;
    for (const state of caseStates)
      for (const role of Object.keys(actors) as Role[])
        it(`${name} on ${state} by ${role}`, () => {
          const row = table[name];
          const result = transition(factsIn(state), act, actors[role], now);
          if (!row?.by.includes(role)) return expect(result).toEqual({ ok: false, code: "not-allowed" });
          const target = row.from[state];
          expect(result.ok).toBe(target !== undefined);
          if (result.ok) expect(result.patch.state ?? state).toBe(target);
        });
  }
});

describe("clocks and second persons", () => {
  const { moderator, reporter, system } = actors;
  const second = { ...moderator, userId: "usr_m2" };

  it("a draft is submitted once, and not after 90 days", () => {
    const draft = factsIn("draft", { submittedAt: null });
    expect(transition(draft, { act: "submit" }, reporter, now)).toMatchObject({
      ok: true,
      patch: { submittedAt: now },
    });
    expect(transition(factsIn("draft"), { act: "submit" }, reporter, now)).toMatchObject({
      code: "already-done",
    });
    const old = factsIn("draft", { submittedAt: null, createdAt: ago(draftLifeMs) });
    expect(transition(old, { act: "submit" }, reporter, now)).toMatchObject({ code: "wrong-state" });
    expect(transition(old, { act: "expire" }, system, now).ok).toBe(true);
    expect(transition(draft, { act: "expire" }, system, now).ok).toBe(false);
  });

  it("a draft that nobody submitted cannot be moved on or refused", () => {
    const draft = factsIn("draft", { submittedAt: null });
    for (const act of [{ act: "notify" }, { act: "refuse", reason: "names-people" }] as const)
      expect(transition(draft, act, moderator, now)).toMatchObject({ code: "wrong-state" });
  });

  it("the notice starts a clock of seven days; the case opens after it, or after a reply", () => {
    const notified = transition(factsIn("draft"), { act: "notify" }, moderator, now);
    expect(notified).toMatchObject({ patch: { replyDueAt: new Date(now.getTime() + replyClockMs) } });
    const waiting = factsIn("notified", { replyDueAt: new Date(now.getTime() + 1) });
    expect(transition(waiting, { act: "open" }, moderator, now)).toMatchObject({ code: "wrong-state" });
    expect(transition({ ...waiting, partyReplied: true }, { act: "open" }, moderator, now)).toMatchObject({
      reason: "reply-received",
    });
    expect(transition({ ...waiting, replyDueAt: now }, { act: "open" }, moderator, now)).toMatchObject({
      reason: "clock-ran-out",
    });
  });

  it("evidence at risk opens at once, with that reason", () => {
    const waiting = factsIn("notified", { replyDueAt: new Date(now.getTime() + replyClockMs) });
    expect(transition(waiting, { act: "open-early", reason: "hidden" }, moderator, now)).toMatchObject({
      ok: true,
      reason: "hidden",
      patch: { state: "open" },
    });
  });

  it("a finding needs two people, or one and 24 hours", () => {
    const first = transition(factsIn("open"), resolve, moderator, now);
    const proposal = first.ok ? (first.patch.proposal ?? null) : null;
    const pending = factsIn("open", { proposal });
    expect(transition(pending, { act: "confirm" }, moderator, now)).toMatchObject({ code: "not-allowed" });
    expect(transition(pending, { act: "confirm" }, second, now)).toMatchObject({
      ok: true,
      people: 2,
      patch: { state: "resolved", finding: "inconclusive", proposal: null },
    });
    const later = new Date(now.getTime() + secondLookMs);
    expect(transition(pending, { act: "confirm" }, moderator, new Date(later.getTime() - 1)).ok).toBe(false);
    expect(transition(pending, { act: "confirm" }, moderator, later)).toMatchObject({ ok: true, people: 1 });
    expect(transition(pending, resolve, second, now)).toMatchObject({ code: "already-done" });
    expect(transition(pending, { act: "discard-proposal" }, second, now)).toMatchObject({
      patch: { proposal: null },
    });
  });

  it("a moderators' withdrawal needs the same; a pending finding cannot outlive the reporter's own", () => {
    const first = transition(
      factsIn("resolved"),
      { act: "propose-withdrawal", reason: "mistaken" },
      moderator,
      now,
    );
    const pending = factsIn("resolved", { proposal: first.ok ? (first.patch.proposal ?? null) : null });
    expect(transition(pending, { act: "confirm" }, second, now)).toMatchObject({
      patch: { state: "withdrawn" },
      reason: "mistaken",
      people: 2,
    });
    const gone = { ...pending, state: "withdrawn" as const, withdrawnAt: now };
    expect(transition(gone, { act: "confirm" }, second, now)).toMatchObject({ code: "wrong-state" });
  });

  it("an appeal has 14 days, and each may make one; what was made in time is answered at any time", () => {
    const appeal = { act: "appeal" } as const;
    const late = factsIn("resolved", { resolvedAt: ago(appealMs) });
    expect(transition(late, appeal, reporter, now)).toMatchObject({ code: "wrong-state" });
    expect(transition({ ...late, resolvedAt: ago(appealMs - 1) }, appeal, reporter, now).ok).toBe(true);
    const again = { ...reporter, userId: "usr_a" };
    expect(transition(factsIn("resolved"), appeal, again, now)).toMatchObject({ code: "already-done" });
    expect(transition(factsIn("resolved", { documented: true }), appeal, reporter, now).ok).toBe(false);
    const accept = { act: "reopen", reason: "appeal-accepted" } as const;
    expect(transition(late, accept, moderator, now).ok).toBe(true);
    expect(transition(late, { act: "reopen", reason: "new-evidence" }, moderator, now).ok).toBe(true);
    const answered = { ...late, ending: { ...late.ending, standing: [] } };
    expect(transition(answered, accept, moderator, now)).toMatchObject({ code: "wrong-state" });
  });

  it("who withdrew their own report has nothing to appeal against; the other side has", () => {
    const own = factsIn("withdrawn", { ending: { ...factsIn("withdrawn").ending, byReporter: true } });
    expect(transition(own, { act: "appeal" }, reporter, now)).toMatchObject({ code: "not-allowed" });
    expect(transition(own, { act: "appeal" }, actors.party, now).ok).toBe(true);
  });

  it("an appeal is dismissed by somebody who had no part in the decision, or after 24 hours", () => {
    const dismiss = { act: "dismiss-appeal", postId: "pst_a", reason: "runs-bear-it-out" } as const;
    const facts = factsIn("resolved", { ending: { ...factsIn("resolved").ending, decidedBy: ["usr_m"] } });
    expect(transition(facts, dismiss, moderator, now)).toMatchObject({ code: "not-allowed" });
    expect(transition(facts, dismiss, second, now).ok).toBe(true);
    const later = new Date(standing.at.getTime() + secondLookMs);
    expect(transition(facts, dismiss, moderator, new Date(later.getTime() - 1)).ok).toBe(false);
    expect(transition(facts, dismiss, moderator, later).ok).toBe(true);
    expect(transition(facts, { ...dismiss, postId: "pst_b" }, second, now).ok).toBe(false);
    const own = { ...second, party: true };
    expect(transition(facts, dismiss, own, now)).toMatchObject({ code: "not-allowed" });
  });
});
