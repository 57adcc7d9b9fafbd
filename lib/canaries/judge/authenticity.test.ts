import { describe, expect, it } from "vitest";
import { authenticityOf, type Collection, type Other } from "./authenticity";

const weights = "ab".repeat(32);
const byStranger: Collection = {
  collectorId: "usr_stranger",
  standing: "independent",
  transcript: "whole",
  endpoint: "https://api.example/v1",
  model: "willow",
  operated: false,
  weights,
  releaseId: null,
  pinned: true,
  promptsPublic: false,
};
const alike = { both: 24, same: 24, decisive: 10, decisiveSame: 10 };
const again: Other = { ...byStranger, collectorId: "usr_other", agreement: alike, samePerson: false };
const different: Other = { ...again, agreement: { ...alike, same: 15 } };
const instance = { collectorId: null, operated: true } as const;
const suspect = { role: "suspect", labels: true };
const judged = (one: Partial<Collection> = {}, others: readonly Partial<Other>[] = [], of = suspect) =>
  authenticityOf(
    { ...byStranger, ...one },
    others.map((other) => ({ ...again, ...other })),
    of,
  );
const rerun = { class: "re-run", reasons: ["re-run"] };
const claimed = (...reasons: string[]) => ({ class: "claimed", reasons });

describe("pinned weights", () => {
  it("are re-run once two people unconnected with the author got the same, and by nobody alone", () => {
    expect(judged()).toEqual(claimed("no-second-collector"));
    expect(judged({}, [again])).toEqual(rerun);
  });

  it("are re-run by this instance alone, at an endpoint of its operator", () => {
    expect(judged(instance)).toEqual(rerun);
    expect(judged({}, [instance])).toEqual(rerun);
    expect(judged({ collectorId: null })).toEqual(claimed("foreign-endpoint", "prompts-not-public"));
    expect(judged({}, [{ collectorId: null }])).toEqual(claimed("no-second-collector"));
  });

  it.each([
    ["the author", { standing: "connected" }, "collector-connected"],
    ["somebody whom nobody can reach", { standing: "unverified" }, "collector-unverified"],
    ["an account younger than the set", { standing: "newer" }, "collector-newer"],
    ["somebody without a transcript", { transcript: "none" }, "no-transcript"],
    ["somebody who asked other items", { transcript: "other-items" }, "other-items"],
  ] as const)("asked by %s neither count nor confirm, nor contradict", (_, fault, reason) => {
    expect(judged(fault, [again])).toEqual(claimed(reason));
    expect(judged({}, [fault])).toEqual(claimed("no-second-collector"));
    expect(judged(instance, [{ ...different, ...fault }])).toEqual(rerun);
  });

  it.each([
    ["were named only afterwards", { pinned: false }, ["weights-not-pinned", "prompts-not-public"]],
    ["were never named", { weights: null }, ["no-weights", "prompts-not-public"]],
  ] as const)("that %s are no pinned ones", (_, fault, reasons) => {
    expect(judged(fault, [again])).toEqual(claimed(...reasons));
  });

  it.each([
    ["other weights", { weights: "cd".repeat(32) }, "no-second-collector"],
    ["weights that nobody had pinned for them", { pinned: false }, "no-second-collector"],
    ["the same person, or one of the same namespace", { samePerson: true }, "same-collector"],
    ["too few items", { agreement: { ...alike, both: 4, same: 4 } }, "too-few-to-compare"],
  ] as const)("are not confirmed by %s", (_, second, reason) => {
    expect(judged({}, [second])).toEqual(claimed(reason));
  });

  it("of one release are the same, whatever else is named", () => {
    const release = { weights: null, releaseId: "rel_1" };
    expect(judged({ ...release, weights }, [release])).toEqual(rerun);
  });
});

describe("a contradiction", () => {
  it("by somebody who could have confirmed leaves both claimed, whoever else agrees", () => {
    expect(judged({}, [different])).toEqual(claimed("contradicted"));
    expect(judged({}, [again, different])).toEqual(claimed("contradicted"));
    expect(judged(instance, [different])).toEqual(claimed("contradicted"));
    expect(judged({ standing: "connected" }, [different], { role: "original", labels: true })).toEqual(
      claimed("collector-connected", "contradicted"),
    );
  });

  it("also lies in the answers that decide alone: labels that only one has seen", () => {
    const agreement = { both: 40, same: 32, decisive: 8, decisiveSame: 0 };
    expect(judged({}, [{ agreement }])).toEqual(claimed("contradicted"));
    const most = { ...alike, decisive: 10, decisiveSame: 9 };
    expect(judged({}, [{ agreement: most }])).toEqual(rerun);
    expect(judged({}, [{ agreement: { ...most, decisiveSame: 8 } }])).toEqual(claimed("contradicted"));
    // Mistakes on hard items come out alike less often between engines.
    const natural = { role: "suspect", labels: false };
    expect(judged({}, [{ agreement: { ...most, decisiveSame: 7 } }], natural)).toEqual(rerun);
    expect(judged({}, [{ agreement: { ...most, decisiveSame: 6 } }], natural)).toEqual(
      claimed("contradicted"),
    );
  });
});

describe("two collectors", () => {
  const nameless = { weights: null, pinned: false, promptsPublic: true };

  it("at one endpoint, with prompts that were public, of one mind", () => {
    expect(judged(nameless)).toEqual(claimed("no-weights", "no-second-collector"));
    expect(judged(nameless, [nameless])).toEqual({ class: "two-collectors", reasons: ["two-collectors"] });
    expect(judged({ ...nameless, collectorId: null }, [nameless]).class).toBe("two-collectors");
  });

  it("with prompts that somebody handed over in private are none", () => {
    const handed = { ...nameless, promptsPublic: false };
    expect(judged(handed, [handed])).toEqual(claimed("no-weights", "prompts-not-public"));
  });

  it.each([
    ["asked elsewhere", { endpoint: "https://other.example/v1" }],
    ["asked for another model", { model: "elm" }],
  ] as const)("of whom the second %s are none", (_, second) => {
    expect(judged(nameless, [{ ...nameless, ...second }])).toEqual(
      claimed("no-weights", "no-second-collector"),
    );
  });
});

describe("the original's own answers", () => {
  const of = { role: "original", labels: true };
  const own = { collectorId: "usr_author", standing: "connected", transcript: "none" } as const;

  it("are claimed until somebody unconnected has got the same from the same weights", () => {
    expect(judged(own, [], of)).toEqual(claimed("no-transcript", "collector-connected"));
    expect(judged(own, [again], of)).toEqual({ class: "re-run", reasons: ["confirmed-by-re-run"] });
    expect(judged(own, [instance], of).class).toBe("re-run");
  });

  it.each([
    ["other weights", { weights: "cd".repeat(32) }],
    ["weights that nobody had pinned", { pinned: false }],
    ["the author again", { standing: "connected" }],
    ["an unknown account", { standing: "unverified" }],
    ["other answers", { agreement: { ...alike, same: 9 } }],
  ] as const)("are not confirmed by %s", (_, second) => {
    expect(judged(own, [second], of).class).toBe("claimed");
  });

  it("to other items than were committed are not confirmed by anybody", () => {
    expect(judged({ ...own, transcript: "other-items" }, [again], of).class).toBe("claimed");
  });
});
