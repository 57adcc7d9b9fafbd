import { describe, expect, it } from "vitest";
import { isInternal, readCaseEvent } from "./events";

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
});
