import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffOf } from "./diff-of";

describe("diffOf", () => {
  it("shows changed words, in Chinese too", () => {
    expect(diffOf("the index states 741 names", "the index states 740 names")).toEqual([
      { kind: "same", text: "the index states " },
      { kind: "removed", text: "741" },
      { kind: "added", text: "740" },
      { kind: "same", text: " names" },
    ]);
    expect(
      diffOf("两个模型结构相同", "两个模型结构相似").filter((part) => part.kind === "same")[0]?.text,
    ).toContain("两个模型");
  });

  it("loses nothing: same and added parts are the new text, same and removed ones the old", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
        const parts = diffOf(before, after);
        const without = (kind: string) =>
          parts
            .filter((part) => part.kind !== kind)
            .map((part) => part.text)
            .join("");
        expect(without("removed")).toBe(after);
        expect(without("added")).toBe(before);
      }),
    );
  });

  it("gives up comparing two long texts that share nothing", () => {
    const text = (word: string) => Array.from({ length: 4_000 }, (_, index) => `${word}${index}`).join(" ");
    expect(diffOf(text("a"), text("b"))).toHaveLength(2);
  });
});
