import { z } from "zod";

/** How an answer is taken from what a model wrote. */
export const extractorSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("whole") }),
  z.strictObject({ kind: z.literal("first-line") }),
  z.strictObject({ kind: z.literal("regex"), pattern: z.string().min(1).max(200).superRefine(checkPattern) }),
]);
export type Extractor = z.infer<typeof extractorSchema>;

/** Characters of a response that an extractor looks at. */
const looksAt = 16_384;

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
 * Only patterns whose time is bounded: no repeated group, no look-around, no back-reference, at most one unbounded
 * repetition. A stranger's pattern runs on every answer of every model.
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
  if ((bare.text.match(/[*+]|\{\d+,\}/g) ?? []).length > 1) refuse("at most one * or +");
  if ((bare.text.match(/\{\d+(?:,\d+)?\}/g) ?? []).some((count) => /\d{3}/.test(count)))
    refuse("no count above 99");
  if ((bare.text.match(/(?<!\()\?|\{\d+,?\d*\}/g) ?? []).length > 4) refuse("at most four ? and {n}");
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
