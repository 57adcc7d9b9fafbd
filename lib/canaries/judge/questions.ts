import {
  CanaryError,
  type CanaryItem,
  type CanaryTerms,
  generatedItems,
  idKey,
  parseItem,
  termsSchema,
} from "@/lib/engine/canary";
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
import type { Context } from "@/lib/platform/context";
import type { CanaryAnswerSet, CanarySet } from "@/lib/platform/database/generated/client";

type Reader = Pick<Context, "db" | "blobs">;

/** What is public of a set: the questions that transcripts are held against, and the true answers. */
export interface PublicItems {
  readonly questions: CommittedQuestions;
  /** By id: those that have a picture in the blob store. */
  readonly pictured: ReadonlyMap<string, CanaryItem>;
  /** By id, as far as it is known: the drawn label, or the truth. */
  readonly truths: ReadonlyMap<string, string>;
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
  const rows = await db.canaryReveal.findMany({
    where: { canarySetId: set.id, redactionId: null },
    orderBy: { index: "asc" },
    select: { opening: true, target: true },
  });
  const opened = rows.map(({ opening, target }) => {
    const item = parseItem((JSON.parse(opening) as { item: string }).item);
    return { item, truth: target === null ? item.answer : item.options?.[target] };
  });
  const items = new Map(opened.map(({ item }) => [item.id, item]));
  return {
    questions: {
      terms,
      setId: set.setId,
      byId: new Map([...items].map(([id, item]) => [id, questionOf(terms, item)])),
      complete: items.size === set.items,
      digest: digestOfAsked(items),
    },
    pictured: new Map([...items].filter(([, { image }]) => image !== undefined)),
    truths: new Map(opened.flatMap(({ item, truth }) => (truth === undefined ? [] : [[item.id, truth]]))),
  };
}

/**
 * The items of a generator are public, their pictures are not committed: the original's first transcript says what each
 * was rendered to, and everybody else has to have been asked the same.
 */
async function drawnItems(ctx: Reader, set: CanarySet, terms: CanaryTerms): Promise<PublicItems> {
  const { setId, nonce, items } = set;
  const drawn =
    nonce === null || terms.generator === undefined
      ? []
      : generatedItems(terms.generator, { nonce, setId, items });
  const shown = await firstShown(ctx, set);
  const { text } = questionOf(terms, {}) ?? {};
  const asked = (id: string): Question | null => {
    const question = shown?.byId.get(id) ?? null;
    return question?.text === text ? question : null;
  };
  return {
    questions: {
      terms,
      setId,
      byId: new Map(drawn.map(({ id }) => [id, asked(id)])),
      complete: true,
      digest: () => shown?.digest ?? null,
    },
    pictured: new Map(),
    truths: new Map(drawn.map(({ id, answer }) => [id, answer])),
  };
}

async function firstShown({ db, blobs }: Reader, set: CanarySet) {
  const original = await db.canaryAnswerSet.findFirst({
    where: { canarySetId: set.id, role: "original", redactionId: null, transcriptBlob: { not: null } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { transcriptBlob: true },
  });
  const bytes = original?.transcriptBlob ? await blobs.get(original.transcriptBlob) : null;
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
  { questions, pictured }: PublicItems,
): Promise<"whole" | "none" | "other-items"> {
  const { transcriptBlob, transcriptRoot } = row;
  if (transcriptBlob === null || transcriptRoot === null) return "none";
  const { setId, terms, byId, complete } = questions;
  // Nothing is public yet: prompt, extractor and repeats were looked at when it came.
  if (byId.size === 0) return "whole";
  const key = [transcriptBlob, transcriptRoot, setId, complete, questions.digest([]), JSON.stringify([terms, ...byId])];
  const known = found.get(keyOf(key));
  if (known !== undefined) return known;
  const bytes = await blobs.get(transcriptBlob);
  if (bytes === null) return "none";
  const sent = await sentOf({ blobs }, bytes, pictured);
  const judged = heldAgainst(bytes, { ...questions, sent: (_, id) => sent.get(id) }, transcriptRoot);
  if (found.size >= mostFound) found.clear();
  found.set(keyOf(key), judged);
  return judged;
}
