import { describe, expect, it } from "vitest";
import { chainHolds, setState } from "./state";

const deadline = new Date("2027-02-01T00:00:00.000Z");
const set = (revealed: number, kind = "random-label") => ({ items: 8, revealed, kind, revealBy: deadline });
const [before, at] = [new Date(deadline.getTime() - 1), deadline];

describe("setState", () => {
  it.each([
    [set(0), before, "committed"],
    [set(3), before, "partly-revealed"],
    [set(8), before, "revealed"],
    [set(0), at, "failed"],
    [set(7), at, "failed"],
    // Revealed in time, it stays so for ever.
    [set(8), at, "revealed"],
    // Its items are public once the nonce is.
    [set(0, "generator"), at, "revealed"],
    // Without terms there is no deadline.
    [{ ...set(0), revealBy: null }, at, "committed"],
  ] as const)("%j at %s is %s", (facts, now, state) => {
    expect(setState(facts, now)).toBe(state);
  });
});

describe("chainHolds", () => {
  it("names every step that does not", () => {
    const step = (id: string, ok: boolean, reason: string) => ({ id, ok, reason });
    expect(chainHolds([step("commit", true, "ordered"), step("nonce", true, "not-needed")])).toEqual({
      ok: true,
      withheld: [],
    });
    expect(chainHolds([step("commit", false, "our-word"), step("observed", false, "not-covered")])).toEqual({
      ok: false,
      withheld: ["commit:our-word", "observed:not-covered"],
    });
    expect(chainHolds([]).ok).toBe(false);
  });
});
