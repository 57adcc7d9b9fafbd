import { describe, expect, it } from "vitest";
import { type CaseEvent, isInternal, publicEvents, readCaseEvent } from "./events";

describe("case events", () => {
  it("reads what was written and refuses what nobody wrote", () => {
    const row = { type: "case-opened", version: 1, data: { reason: "clock-ran-out" } };
    expect(readCaseEvent(row)).toEqual(row);
    expect(() => readCaseEvent({ ...row, version: 2 })).toThrow();
    expect(() => readCaseEvent({ ...row, type: "case-closed" })).toThrow();
    expect(() => readCaseEvent({ ...row, data: {} })).toThrow();
  });

  it("keeps proposals and refused drafts out of the public timeline", () => {
    expect(isInternal("case-resolution-proposed")).toBe(true);
    expect(isInternal("case-refused")).toBe(true);
    expect(isInternal("case-resolved")).toBe(false);
  });

  it("shows a proposal once it was confirmed, and none that was dropped", () => {
    const event = (type: string, data: object = {}) => ({ type, version: 1, data }) as CaseEvent;
    const proposed = event("case-resolution-proposed", { finding: "inconclusive", reasons: [] });
    const withdrawal = event("case-withdrawal-proposed", { reason: "mistaken" });
    const resolved = event("case-resolved");
    const byReporter = event("case-withdrawn", { by: "reporter" });
    const byModerators = event("case-withdrawn", { by: "moderators" });
    const discarded = event("case-proposal-discarded");
    const post = event("post-added");
    expect(publicEvents([proposed])).toEqual([]);
    expect(publicEvents([proposed, post, resolved])).toEqual([proposed, post, resolved]);
    expect(publicEvents([withdrawal, discarded, { ...proposed }, resolved])).toEqual([proposed, resolved]);
    expect(publicEvents([proposed, byReporter])).toEqual([byReporter]);
    expect(publicEvents([withdrawal, byModerators])).toEqual([withdrawal, byModerators]);
  });
});
