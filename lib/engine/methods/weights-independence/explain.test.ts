import { expect, it } from "vitest";
import type { Json } from "../method";
import { sentenceFor } from "../sentences";
import { invariantSentences } from "../weights-invariant/explain";
import { independenceSentences } from "./explain";

const told = (code: string, facts: Record<string, Json>) =>
  sentenceFor(independenceSentences, { code, facts });
const toldByTokens = (code: string, facts: Record<string, Json>) =>
  sentenceFor(invariantSentences, { code, facts });

it("controls are numbered from one, in every sentence and both languages", () => {
  const counts = { matched: 3, of: 8 };
  const facts = { position: 0, original: counts, suspect: counts };
  for (const { en, zh } of [
    ...["control-measured", "control-related", "control-not-alike", "embedding-control"].map((code) =>
      told(code, facts),
    ),
    toldByTokens("token-control", facts),
  ]) {
    expect(en).toMatch(/^Control 1\b/);
    expect(zh).toMatch(/^对照 1\b/);
  }
});

it("one is singular", () => {
  const one = { factor: 1, screened: 1, maps: 1, searched: 1, families: 1 };
  expect(told("corrected-for", one).en).toBe(
    "The p-value is multiplied by 1, for 1 model screened, 1 layer map, 1 pair of layers that could be searched and 1 kind of test side by side.",
  );
  expect(told("corrected-for", { ...one, screened: 20, maps: 3, searched: 0, families: 2 }).en).toContain(
    "for 20 models screened, 3 layer maps, 0 pairs of layers that could be searched and 2 kinds of test",
  );
  expect(told("groups-not-measured", { groups: 1 }).en).toBe("1 group could not be measured.");
  const single = { groups: 1, matched: 1, of: 8, expected: 1, tokens: 1, granted: 1 };
  for (const { en } of [
    told("windowed-matching", single),
    told("embedding-columns", single),
    toldByTokens("token-matching", single),
  ]) {
    expect(en).not.toMatch(/\b1 (?:groups|common tokens|rows granted)\b/);
    expect(en).toMatch(/\bmeets its own index\b/);
  }
});

it("every refusal of the embedding has its sentence", () => {
  for (const why of [
    "position-table",
    "positions-unknown",
    "ancestor-fixes-order",
    "control-has-same-order",
  ]) {
    const { en, zh } = told("embedding-not-counted", { why });
    expect(en).not.toContain(why);
    expect(zh).not.toContain(why);
  }
});
