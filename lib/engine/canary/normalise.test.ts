import fc from "fast-check";
import { expect, test } from "vitest";
import { normalise, normaliseComposed } from "./normalise";
import { foldSimplified } from "./simplified";

test.each([
  ["  Bamboo\t\n Slip ", "bamboo slip"],
  ["ＡＢＣ１２", "abc12"],
  ["“竹簡”。", "竹簡"],
  ["[受", "受"],
  ["吧,", "吧"],
  ["a.b", "a.b"],
  ["|", "|"],
  ["", ""],
  [" … ", ""],
  ["/", ""],
  ["\u3000竹\u00a0簡\u3000", "竹 簡"],
  ["ﬁ", "fi"],
  ["İ", "i\u0307"],
  ["ΟΔΟΣ", "οδος"],
  ["Straße", "straße"],
])("n1 of %j is %j", (answer, expected) => {
  expect(normalise(answer)).toBe(expected);
});

test.each([
  ["zero-width space", "竹\u200b簡", "竹簡"],
  ["zero-width joiner", "a\u200db", "ab"],
  ["byte order mark", "\ufeff竹", "竹"],
  ["soft hyphen", "bam\u00adboo", "bamboo"],
  ["marks of direction", "\u202eabc\u202c", "abc"],
  ["word joiner", "a\u2060b", "ab"],
])("%s is dropped", (_, answer, expected) => {
  expect(normalise(answer)).toBe(expected);
  expect(normaliseComposed(answer)).toBe(expected);
});

test("emoji: joined ones fall into their parts, tones and selectors stay, none becomes blank", () => {
  expect(normalise("👩‍👩‍👧")).toBe("👩👩👧");
  expect(normalise("👍🏽")).toBe("👍🏽");
  expect(normalise("❤️")).toBe("❤\ufe0f");
  expect(normalise("❤")).not.toBe(normalise("❤️"));
  expect(normalise("🏴󠁧󠁢󠁥󠁮󠁧󠁿")).toBe("🏴");
  expect(normalise("「😀」")).toBe("😀");
});

test("a mark may compose with what stood behind a dropped character", () => {
  expect(normalise("e\u200d\u0301")).toBe("é");
  expect(normalise("e\u0301")).toBe(normalise("é"));
});

test("ancient characters: NFC keeps radicals and enclosed forms apart, which NFKC merges", () => {
  expect(normalise("⼈")).toBe("人");
  expect(normaliseComposed("⼈")).toBe("⼈");
  expect(normalise("㊎")).toBe("金");
  expect(normaliseComposed("㊎")).toBe("㊎");
  // U+FA10 has a canonical decomposition: both forms merge it.
  expect([normalise("\ufa10"), normaliseComposed("\ufa10")]).toEqual(["塚", "塚"]);
  // A character of extension B is one character, not two halves.
  expect(normalise("𠀀。")).toBe("𠀀");
});

test("Traditional and Simplified are two answers, and one in the second row", () => {
  expect(normalise("竹簡")).not.toBe(normalise("竹简"));
  expect(foldSimplified(normalise("竹簡"))).toBe(foldSimplified(normalise("竹简")));
  expect(foldSimplified("頭髮")).toBe("头发");
  expect(foldSimplified("bamboo 😀")).toBe("bamboo 😀");
});

test("normalising again changes nothing, and no answer makes it fail", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 30 }), (answer) => {
      const once = normalise(answer);
      expect(normalise(once)).toBe(once);
      expect(normaliseComposed(normaliseComposed(answer))).toBe(normaliseComposed(answer));
      expect(/^\s|\s$|\p{Cf}/u.test(once)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
