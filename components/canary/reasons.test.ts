import { expect, test } from "vitest";
import type { AuthenticityReason } from "@/lib/canaries";
import en from "@/messages/en/canaries.json";
import zh from "@/messages/zh/canaries.json";

/** All of them, or this does not compile. */
const codes: Record<AuthenticityReason, true> = {
  "re-run": true,
  "two-collectors": true,
  "confirmed-by-re-run": true,
  "collector-connected": true,
  "collector-unverified": true,
  "collector-newer": true,
  "no-transcript": true,
  "other-items": true,
  "no-weights": true,
  "weights-not-pinned": true,
  "foreign-endpoint": true,
  "no-second-collector": true,
  "compared-after-reveal": true,
  "same-collector": true,
  "prompts-not-public": true,
  "too-few-to-compare": true,
  contradicted: true,
};

test("every reason of a class has a sentence in both languages, and no sentence is left over", () => {
  const wanted = Object.keys(codes).sort();
  expect(Object.keys(en.authenticityReasons).sort()).toEqual(wanted);
  expect(Object.keys(zh.authenticityReasons).sort()).toEqual(wanted);
});
