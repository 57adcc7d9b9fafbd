import { CanaryError, type CanaryItem, type CanaryTerms } from "@/lib/engine/canary";
import {
  type Answer,
  formatAnswers,
  parseAnswers,
  readTranscript,
  type TranscriptHeader,
  type TranscriptSummary,
} from "@/lib/engine/canary/transcript";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { AppError } from "@/lib/platform/errors";
import { atField } from "./app-error";
import { mostAnswerBytes, mostTranscriptBytes } from "./schema";

/** Answers as they are registered: canonical JSON Lines. */
export interface ReadAnswers {
  readonly text: string;
  readonly lines: number;
  readonly answered: number;
}

/** A file of answers from outside; with the items known, an answer for each of them and for no other. */
export function readAnswers(
  bytes: Uint8Array,
  set: { readonly items: number; readonly known: readonly CanaryItem[] | null },
): ReadAnswers {
  if (bytes.length > mostAnswerBytes)
    throw new AppError("invalid-input", { fields: { answers: "too-large" } });
  return atField("answers", () => {
    const answers = parseAnswers(bytes, set.known === null ? {} : { ids: set.known.map(({ id }) => id) });
    if (answers.length > set.items)
      throw new CanaryError("bad-answers", `There are ${answers.length} answers for ${set.items} items`);
    return written(answers);
  });
}

/**
 * A transcript from outside, read whole: every line belongs to its call, the root is the registered one, and what it
 * comes to are the registered answers. Items are checked where they are known.
 */
export function readWholeTranscript(
  bytes: Uint8Array,
  set: Pick<CanarySet, "setId" | "kind" | "items" | "terms"> & {
    readonly known: readonly CanaryItem[] | null;
    readonly root: string | null;
  },
): TranscriptSummary {
  if (bytes.length > mostTranscriptBytes)
    throw new AppError("invalid-input", { fields: { transcript: "too-large" } });
  return atField("transcript", () => {
    // A generator's items are drawn; how they were put to the model stands in the transcript alone.
    const items = set.kind === "generator" ? null : set.known;
    const summary = readTranscript(bytes, { items, ...(set.root === null ? {} : { root: set.root }) });
    if (summary.answers.length > set.items)
      throw new CanaryError("bad-transcript", `It asks ${summary.answers.length} items of ${set.items}`);
    requireAsRegistered(summary.header, set);
    return summary;
  });
}

/** What is sent for an item, how an answer is read and how often is asked: all of it was fixed before. */
function requireAsRegistered(header: TranscriptHeader, set: Pick<CanarySet, "setId" | "terms">): void {
  if (header.setId !== null && header.setId !== set.setId)
    throw new CanaryError("bad-transcript", "It is of another set");
  const terms = set.terms as Partial<CanaryTerms> | null;
  if (terms?.prompt === undefined) return;
  const same =
    header.prompt === terms.prompt &&
    canonicalJson(header.extractor) === canonicalJson(terms.extractor) &&
    header.repeats >= (terms.repeats ?? 0);
  if (!same)
    throw new CanaryError("terms-mismatch", "Its prompt, extractor or repeats are not those of the terms");
}

/** The answers that a transcript comes to. */
export function answersOfTranscript(summary: TranscriptSummary): ReadAnswers {
  return written(
    summary.answers.map(({ id, answer, stable }) => ({ id, answer, ...(stable ? {} : { unstable: true }) })),
  );
}

/** The same answers to the same items, in whatever order. */
export function requireSameAnswers(registered: string, transcript: TranscriptSummary): void {
  const ofLines = (text: string) => text.split("\n").sort().join("\n");
  if (ofLines(registered) !== ofLines(answersOfTranscript(transcript).text))
    throw new AppError("invalid-input", { fields: { transcript: "other-answers" } });
}

function written(answers: readonly Answer[]): ReadAnswers {
  return {
    text: formatAnswers(answers),
    lines: answers.length,
    answered: answers.filter(({ answer }) => answer !== "").length,
  };
}
