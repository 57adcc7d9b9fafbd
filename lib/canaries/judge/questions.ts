import { CanaryError, type CanaryItem, type CanaryTerms, termsSchema } from "@/lib/engine/canary";
import {
  type CommittedQuestions,
  digestOfAsked,
  parseHeaderLine,
  type Question,
  questionOf,
  questionsIn,
  readAsCommitted,
  sentDigest,
} from "@/lib/engine/canary/transcript";
import { canonicalJson, sha256Hex } from "@/lib/engine/formats/canonical-json";
import type { Context } from "@/lib/platform/context";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";
import { openItems } from "../ask/open-items";
import { drawnOf } from "../drawn-items";
import { firstTranscript } from "../first-original";

type Reader = Pick<Context, "db" | "blobs">;

/** What is public of a set: the questions that transcripts are held against, and the true answers. */
export interface PublicItems {
  readonly questions: CommittedQuestions;
  /** By id: those that have a picture in the blob store. */
  readonly pictured: ReadonlyMap<string, CanaryItem>;
  /** By id, as far as it is known: the drawn label, or the truth. */
  readonly truths: ReadonlyMap<string, string>;
  /** Hash of everything that a transcript is held against. */
  readonly key: string;
}

/** Null for a set without readable terms: nothing that needs a pre-registration follows from it. */
export async function publicItems(ctx: Reader, set: CanarySet): Promise<PublicItems | null> {
  const terms = termsSchema.safeParse(set.terms);
  if (!terms.success) return null;
  return terms.data.generator === undefined
    ? revealedItems(ctx, set, terms.data)
    : drawnItems(ctx, set, terms.data);
}

async function revealedItems({ db }: Reader, set: CanarySet, terms: CanaryTerms): Promise<PublicItems> {
  const opened = await openItems(db, set);
  const items = new Map(opened.map(({ item }) => [item.id, item]));
  const questions: CommittedQuestions = {
    terms,
    setId: set.setId,
    byId: new Map([...items].map(([id, item]) => [id, questionOf(terms, item)])),
    complete: items.size === set.items,
    digest: digestOfAsked(items),
  };
  return {
    questions,
    key: keyOf(questions, null),
    pictured: new Map([...items].filter(([, { image }]) => image !== undefined)),
    truths: new Map(
      opened.flatMap(({ item: { id, answer, options }, target }) => {
        const truth = target === null ? answer : options?.[target];
        return truth === undefined ? [] : [[id, truth]];
      }),
    ),
  };
}

/**
 * The items of a generator are public, their pictures are not committed: the original's first transcript says what each
 * was rendered to, and everybody else has to have been asked the same.
 */
async function drawnItems(ctx: Reader, set: CanarySet, terms: CanaryTerms): Promise<PublicItems> {
  const { setId } = set;
  const drawn = drawnOf(set) ?? [];
  const shown = await firstShown(ctx, set);
  const { text } = questionOf(terms, {}) ?? {};
  const asked = (id: string): Question | null => {
    const question = shown?.byId.get(id) ?? null;
    return question?.text === text ? question : null;
  };
  const digest = shown?.digest ?? null;
  const byId = new Map(drawn.map(({ id }) => [id, asked(id)]));
  const questions: CommittedQuestions = { terms, setId, byId, complete: true, digest: () => digest };
  return {
    questions,
    key: keyOf(questions, digest),
    pictured: new Map(),
    truths: new Map(drawn.map(({ id, answer }) => [id, answer])),
  };
}

function keyOf({ terms, setId, byId, complete }: CommittedQuestions, digest: string | null): string {
  return sha256Hex(canonicalJson({ terms, setId, asked: [...byId], complete, digest }));
}

async function firstShown(ctx: Reader, set: CanarySet) {
  const bytes = await firstTranscript(ctx, set);
  if (bytes === null) return null;
  try {
    return questionsIn(bytes);
  } catch (error) {
    if (error instanceof CanaryError) return null;
    throw error;
  }
}

/** What was found of transcripts, by their hash and what they were held against: neither ever changes. */
const found = new Map<string, "whole" | "other-items">();
const mostFound = 10_000;

/** Reads a kept transcript whole and holds every call of it against what is public of the set. */
export async function transcriptOf(
  { blobs }: Pick<Context, "blobs">,
  row: CanaryAnswerSet,
  { questions, pictured, key }: PublicItems,
): Promise<"whole" | "none" | "other-items"> {
  const { transcriptBlob, transcriptRoot } = row;
  if (transcriptBlob === null || transcriptRoot === null) return "none";
  // Nothing is public yet: prompt, extractor and repeats were looked at when it came.
  if (questions.byId.size === 0) return "whole";
  const place = `${transcriptBlob} ${key}`;
  const known = found.get(place);
  if (known !== undefined) return known;
  const bytes = await blobs.get(transcriptBlob);
  if (bytes === null) return "none";
  const sent = await sentOf({ blobs }, bytes, pictured);
  const judged = heldAgainst(bytes, { ...questions, sent: (_, id) => sent.get(id) }, transcriptRoot);
  if (found.size >= mostFound) found.clear();
  found.set(place, judged);
  return judged;
}

function heldAgainst(
  bytes: Uint8Array,
  questions: CommittedQuestions,
  root: string,
): "whole" | "other-items" {
  try {
    readAsCommitted(bytes, questions, root);
    return "whole";
  } catch (error) {
    if (error instanceof CanaryError) return "other-items";
    throw error;
  }
}

/** What is sent for the items with pictures, by id: the bytes of each picture are in it. */
async function sentOf(
  { blobs }: Pick<Context, "blobs">,
  transcript: Uint8Array,
  pictured: PublicItems["pictured"],
): Promise<ReadonlyMap<string, string>> {
  const sent = new Map<string, string>();
  if (pictured.size === 0) return sent;
  const header = parseHeaderLine(transcript.subarray(0, transcript.indexOf(0x0a)));
  for (const [id, item] of pictured) {
    const picture = item.image === undefined ? null : await blobs.get(item.image.sha256);
    if (picture !== null) sent.set(id, sentDigest(header, item, picture));
  }
  return sent;
}
