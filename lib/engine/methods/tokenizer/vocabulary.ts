import type { Found } from "../../formats/metadata-files";
import { readVocabulary } from "../../formats/tokenizer-files";
import type { Vocabulary } from "../../formats/tokenizer-json";
import { jaccard, rounded } from "../../statistics/round";
import type { MethodInput } from "../method";
import type { VocabularyStatistics } from "./schema";

const unknownSides = { original: null, suspect: null };

/** Nothing is read where the listings already show that tokenizer.json is the same file. */
export async function vocabularyStatistics(
  { original, suspect, ancestors, signal }: MethodInput,
  sameByHash: boolean,
): Promise<VocabularyStatistics> {
  if (sameByHash) {
    return {
      known: "by-hash",
      tokens: unknownSides,
      merges: unknownSides,
      jaccard: 1,
      sameIds: 1,
      mergesJaccard: 1,
      preTokenizer: "same",
      beyondAncestors: null,
    };
  }
  const [a, b] = [await readVocabulary(original, signal), await readVocabulary(suspect, signal)];
  if (a.state !== "read" || b.state !== "read") {
    return {
      known: "no",
      tokens: { original: sizeOf(a), suspect: sizeOf(b) },
      merges: unknownSides,
      jaccard: null,
      sameIds: null,
      mergesJaccard: null,
      preTokenizer: "unknown",
      beyondAncestors: null,
    };
  }
  const older: Vocabulary[] = [];
  for (const ancestor of ancestors) {
    const read = await readVocabulary(ancestor, signal);
    if (read.state === "read") older.push(read.value);
  }
  return compareVocabularies(a.value, b.value, older);
}

function compareVocabularies(
  a: Vocabulary,
  b: Vocabulary,
  older: readonly Vocabulary[],
): VocabularyStatistics {
  const [mine, theirs] = [withAdded(a), withAdded(b)];
  const shared = [...mine.keys()].filter((token) => theirs.has(token));
  const sameId = shared.filter((token) => mine.get(token) === theirs.get(token));
  return {
    known: "read",
    tokens: { original: mine.size, suspect: theirs.size },
    merges: { original: a.merges?.size ?? null, suspect: b.merges?.size ?? null },
    jaccard: jaccard(shared.length, mine.size, theirs.size),
    sameIds: shared.length === 0 ? null : rounded(sameId.length / shared.length),
    mergesJaccard: a.merges && b.merges ? setJaccard(a.merges, b.merges) : null,
    preTokenizer:
      a.preTokenizer === null || b.preTokenizer === null
        ? "unknown"
        : a.preTokenizer === b.preTokenizer
          ? "same"
          : "different",
    beyondAncestors: older.length === 0 ? null : beyond(mine, theirs, older.map(withAdded)),
  };
}

function beyond(
  mine: ReadonlyMap<string, number>,
  theirs: ReadonlyMap<string, number>,
  older: readonly ReadonlyMap<string, number>[],
) {
  const own = (token: string) => !older.some((vocabulary) => vocabulary.has(token));
  const original = [...mine.keys()].filter(own);
  const suspect = [...theirs.keys()].filter(own);
  return {
    original: original.length,
    suspect: suspect.length,
    shared: original.filter((token) => theirs.has(token)).length,
  };
}

function withAdded(vocabulary: Vocabulary): ReadonlyMap<string, number> {
  const all = new Map(vocabulary.ids);
  for (const [id, token] of vocabulary.added) all.set(token, id);
  return all;
}

function setJaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return jaccard([...a].filter((item) => b.has(item)).length, a.size, b.size);
}

function sizeOf(found: Found<Vocabulary>): number | null {
  return found.state === "read" ? withAdded(found.value).size : null;
}
