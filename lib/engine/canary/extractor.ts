import { z } from "zod";

/** How an answer is taken from what a model wrote. */
export const extractorSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("whole") }),
  z.strictObject({ kind: z.literal("first-line") }),
  z.strictObject({ kind: z.literal("regex"), pattern: z.string().min(1).max(200).superRefine(checkPattern) }),
]);
export type Extractor = z.infer<typeof extractorSchema>;

/** Characters of a response that an extractor looks at. */
const looksAt = 8192;
/** Most steps that a pattern may take over that many, by the count below: about a second. */
const mostSteps = 2 ** 28;

/**
 * The answer in a response: all of it, its first line that is not blank, or what the pattern's first group (or else the
 * whole match) finds first; "" when there is none. Normalising comes afterwards.
 */
export function extractAnswer(extractor: Extractor, response: string): string {
  if (extractor.kind === "whole") return response;
  if (extractor.kind === "first-line")
    return response.split(/\r\n|[\n\r]/).find((line) => line.trim() !== "") ?? "";
  const found = new RegExp(extractor.pattern, "u").exec(response.slice(0, looksAt));
  return found?.[1] ?? found?.[0] ?? "";
}

/**
 * Only patterns whose time is bounded: no repeated group, no look-around, no back-reference, and not more ways to try
 * than `mostSteps`. A stranger's pattern runs on every answer of every model.
 */
function checkPattern(pattern: string, context: z.RefinementCtx<string>): void {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  try {
    new RegExp(pattern, "u");
  } catch {
    refuse("not a regular expression");
    return;
  }
  const bare = withoutClassesAndEscapes(pattern);
  if (/\\(?:[1-9]|k)/.test(bare.escapes)) refuse("back-references are not allowed");
  if (/\(\?(?!:)/.test(bare.text)) refuse("only plain groups are allowed");
  if (/\)[*+{?]/.test(bare.text)) refuse("a group must not be repeated");
  if (stepsOf(bare.text) > mostSteps) refuse("it could take too long: fewer repetitions and alternatives");
}

/** Starting places × ways to repeat × alternatives: no fewer than a backtracking matcher can try. */
function stepsOf(text: string): number {
  const bars = text.split("|").length - 1;
  let steps = text.startsWith("^") && bars === 0 ? 1 : looksAt;
  for (const [repeat] of text.matchAll(/\{\d+(?:,\d*)?\}|[*+]|(?<!\(|[*+?}])\?/g)) {
    if (repeat === "?") steps *= 2;
    else if (/[*+]|,\}$/.test(repeat)) steps *= looksAt;
    // A counted repetition costs some four times a plain one: measured.
    else steps *= 4 * Math.max(1, Number(/(\d+)\}$/.exec(repeat)?.[1]));
  }
  // Alternatives of one group are tried one after the other, those of several in every combination.
  const between = text.slice(text.indexOf("|"), text.lastIndexOf("|"));
  return steps * (/[()]/.test(between) ? 2 ** bars : 1 + bars);
}

/** The pattern with each class and each escaped character as one letter, and the escapes themselves. */
function withoutClassesAndEscapes(pattern: string): { text: string; escapes: string } {
  let escapes = "";
  const text = pattern
    .replace(/\\(?:u\{[0-9a-fA-F]+\}|[pP]\{[^}]*\}|k<[^>]*>|.)/gsu, (found) => {
      escapes += found;
      return "a";
    })
    .replace(/\[[^\]]*\]/g, "a");
  return { text, escapes };
}
