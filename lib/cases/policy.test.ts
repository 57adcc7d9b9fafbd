import { describe, expect, it } from "vitest";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { may } from "./policy";
import { caseStates } from "./schema";

const member = (userId: string): Viewer => ({ role: "member", userId, name: userId });
const moderator: Viewer = { role: "moderator", userId: "usr_m", name: "m" };
const access = (state: (typeof caseStates)[number]) => ({
  state,
  reporterId: "usr_r",
  partyUserIds: ["usr_p"],
});

describe("may", () => {
  it("shows a draft to its reporter and to moderators only", () => {
    expect(may(member("usr_r"), access("draft")).see).toBe(true);
    expect(may(moderator, access("draft")).see).toBe(true);
    expect(may(member("usr_x"), access("draft")).see).toBe(false);
    expect(may(anonymous, access("draft")).see).toBe(false);
  });

  it("lets an accepted party reply in every state", () => {
    for (const state of caseStates) {
      expect(may(member("usr_p"), access(state)).replyAsParty).toBe(true);
      expect(may(member("usr_x"), access(state)).replyAsParty).toBe(false);
      expect(may(moderator, access(state)).replyAsParty).toBe(false);
    }
  });

  it("keeps a notified case to those it concerns until it is open", () => {
    expect(may(member("usr_x"), access("notified")).addEvidence).toBe(false);
    expect(may(member("usr_r"), access("notified")).addEvidence).toBe(true);
    expect(may(member("usr_x"), access("open")).addEvidence).toBe(true);
    expect(may(member("usr_x"), access("withdrawn")).addEvidence).toBe(false);
    expect(may(anonymous, access("open")).addEvidence).toBe(false);
  });

  it("leaves runs to reporter, parties and moderators, while the case is alive", () => {
    for (const viewer of [member("usr_r"), member("usr_p"), moderator]) {
      expect(may(viewer, access("open")).requestRun).toBe(true);
      expect(may(viewer, access("resolved")).requestRun).toBe(false);
    }
    expect(may(member("usr_x"), access("open")).requestRun).toBe(false);
  });
});
