import { describe, expect, it } from "vitest";
import { authenticityOf, authenticityOfOriginal, type Collection } from "./authenticity";

const byStranger: Collection = {
  collectorId: "usr_stranger",
  connected: false,
  transcript: true,
  endpoint: "https://api.example/v1",
  model: "willow",
  operated: false,
  weights: null,
  pinned: false,
  beforeReveal: true,
};
const agreed = { agreement: { both: 24, same: 24 } };
const second = { ...byStranger, collectorId: "usr_other", ...agreed };
const pinned = { ...byStranger, weights: "ab".repeat(32), pinned: true };

describe("claimed", () => {
  it.each([
    [
      "the author's own transcript, whatever the weights",
      { ...pinned, connected: true },
      "collector-connected",
    ],
    ["answers without a transcript", { ...pinned, transcript: false }, "no-transcript"],
    ["one stranger at an endpoint", byStranger, "no-second-collector"],
    ["weights that were named only afterwards", { ...pinned, pinned: false }, "weights-not-pinned"],
    [
      "this instance at an endpoint that somebody named, whatever weights they say it has",
      { ...pinned, collectorId: null },
      "foreign-endpoint",
    ],
  ] as const)("%s", (_, one, reason) => {
    const judged = authenticityOf(one, null);
    expect(judged.class).toBe("claimed");
    expect(judged.reasons).toContain(reason);
  });

  it.each([
    ["the author is the second collector", { ...second, connected: true }, "collector-connected"],
    ["both are the same person", { ...second, collectorId: "usr_stranger" }, "same-collector"],
    ["the second asked elsewhere", { ...second, endpoint: "https://other.example/v1" }, "other-endpoint"],
    ["the second asked for another model", { ...second, model: "elm" }, "other-endpoint"],
    ["the second came after the reveal", { ...second, beforeReveal: false }, "after-reveal"],
    ["their answers differ", { ...second, agreement: { both: 24, same: 15 } }, "collectors-disagree"],
    ["too few items tell", { ...second, agreement: { both: 4, same: 4 } }, "collectors-disagree"],
  ] as const)("two collections where %s", (_, other, reason) => {
    expect(authenticityOf(byStranger, other)).toEqual({ class: "claimed", reasons: ["no-weights", reason] });
  });
});

describe("re-run", () => {
  it("a stranger asked weights that stood in the log before", () => {
    expect(authenticityOf(pinned, null).class).toBe("re-run");
  });

  it("also after the reveal: the weights could not be changed any more", () => {
    expect(authenticityOf({ ...pinned, beforeReveal: false }, null).class).toBe("re-run");
  });

  it("this instance asked its operator's own endpoint", () => {
    expect(authenticityOf({ ...pinned, collectorId: null, operated: true }, null).class).toBe("re-run");
  });
});

describe("two collectors", () => {
  it("unconnected, at one endpoint, before the reveal, of one mind", () => {
    expect(authenticityOf(byStranger, second)).toEqual({
      class: "two-collectors",
      reasons: ["two-collectors"],
    });
    expect(authenticityOf(byStranger, { ...second, agreement: { both: 24, same: 16 } }).class).toBe(
      "two-collectors",
    );
  });

  it("this instance may be one of the two", () => {
    expect(authenticityOf({ ...byStranger, collectorId: null }, second).class).toBe("two-collectors");
  });
});

describe("the original's own answers", () => {
  const own = { ...pinned, collectorId: "usr_author", connected: true };
  const again = { ...pinned, ...agreed };

  it("are claimed until somebody else has asked the same weights", () => {
    expect(authenticityOfOriginal(own, null).class).toBe("claimed");
    expect(authenticityOfOriginal(own, again)).toEqual({ class: "re-run", reasons: ["confirmed-by-re-run"] });
  });

  it.each([
    ["other weights", { ...again, weights: "cd".repeat(32) }],
    ["weights that nobody had pinned", { ...again, pinned: false }],
    ["the author again", { ...again, connected: true }],
    ["other answers", { ...again, agreement: { both: 24, same: 9 } }],
  ] as const)("are not confirmed by %s", (_, second) => {
    expect(authenticityOfOriginal(own, second).class).toBe("claimed");
  });
});
