import { z } from "zod";
import { canonical } from "../../log";
import { CanaryError } from "../errors";
import { idKey } from "../items";
import { jsonLines } from "../json-lines";
import { limits } from "../limits";
import { quoted } from "./fold";
import { longestAnswer } from "./limits";

/** One answer of an answer file. "" is a blank. */
export interface Answer {
  readonly id: string;
  readonly answer: string;
  /** The repeats did not agree; the answer is then "". */
  readonly unstable?: boolean;
}

const shape = z.strictObject({
  id: z.string().min(1),
  answer: z.string().max(longestAnswer),
  unstable: z.boolean().optional(),
});

export interface AnswerFileOptions {
  /** What the file is called in messages. */
  readonly what?: string;
  /** The items of the set: answers for others are refused, and so is a file that lacks one. */
  readonly ids?: readonly string[];
}

/**
 * An answer file: JSON Lines, UTF-8, {"id","answer"} a line. Ids come back in NFC, in the items' order where those are
 * given. Throws CanaryError naming line and fault: "malformed" (encodings), "bad-answers", "duplicate-answer",
 * "unknown-item", "missing-answer".
 */
export function parseAnswers(source: Uint8Array | string, options: AnswerFileOptions = {}): Answer[] {
  const { what = "The answer file", ids } = options;
  const known = ids && new Set(ids.map(idKey));
  const answers = new Map<string, Answer>();
  const firstLine = new Map<string, number>();
  for (const { line, value } of jsonLines(source, {
    what,
    lines: limits.items,
    lineBytes: 8 * longestAnswer,
  })) {
    const parsed = shape.safeParse(value);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const place = issue?.path.length ? ` (${issue.path.join(".")})` : "";
      throw new CanaryError("bad-answers", `${what}, line ${line}: ${issue?.message ?? "no answer"}${place}`);
    }
    const { answer, unstable } = parsed.data;
    const id = idKey(parsed.data.id);
    const earlier = firstLine.get(id);
    if (earlier !== undefined) {
      const message = `${what}, line ${line}: item ${quoted(id)} is answered in line ${earlier} too`;
      throw new CanaryError("duplicate-answer", message, id);
    }
    if (known && !known.has(id))
      throw new CanaryError("unknown-item", `${what}, line ${line}: there is no item ${quoted(id)}`, id);
    firstLine.set(id, line);
    answers.set(id, { id, answer, ...(unstable ? { unstable } : {}) });
  }
  if (ids === undefined) {
    if (answers.size === 0) throw new CanaryError("bad-answers", `${what} has no answers`);
    return [...answers.values()];
  }
  return ids.map((given) => {
    const id = idKey(given);
    const found = answers.get(id);
    if (found) return found;
    const missing = ids.length - answers.size;
    const more = missing > 1 ? `, nor for ${missing - 1} more` : "";
    throw new CanaryError("missing-answer", `${what} has no answer for item ${quoted(id)}${more}`, id);
  });
}

/** An answer file: canonical JSON, one answer a line. */
export function formatAnswers(answers: readonly Answer[]): string {
  return answers
    .map(({ id, answer, unstable }) => `${canonical({ id, answer, ...(unstable ? { unstable } : {}) })}\n`)
    .join("");
}
