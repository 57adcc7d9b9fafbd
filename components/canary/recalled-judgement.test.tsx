import { expect, it } from "vitest";
import { locales } from "@/i18n/locales";
import { rendered } from "@/tests/support/rendered";
import { Judgements } from "./judgements";
import { RecalledJudgement } from "./recalled-judgement";

const name = ["canary/judge@1"];
const one = {
  id: "jdg_1",
  setId: "ab".repeat(16),
  suspect: { id: "ans_1", name: "Reed" },
  state: "finished",
  says: "not-independent",
  movesFinding: false,
  digest: null,
  createdAt: new Date("2026-03-01T08:00:00.000Z"),
} as const;

it.each(locales)("what a recalled judge said is struck through, and says why (%s)", (locale) => {
  const why = locale === "en" ? "canary/judge@1 recalled" : "canary/judge@1 已召回";
  const list = (recalled: readonly string[]) =>
    rendered(locale, <Judgements setId={one.setId} judgements={[{ ...one, recalled }]} />);
  expect(list(name)).toMatch(/<s>[^<]+<\/s>/);
  expect(list(name)).toContain(why);
  expect(list([])).not.toContain("<s>");
  const page = (recalled: readonly string[]) =>
    rendered(locale, <RecalledJudgement recalled={recalled}>Words</RecalledJudgement>);
  expect(page(name)).toContain('<del class="recalled">Words</del>');
  expect(page(name)).toContain("canary/judge@1");
  expect(page([])).toBe("Words");
});
