import type { Json } from "../methods/method";
import { canonicalJson } from "./canonical-json";
import { isObject, type JsonObject } from "./json-shape";
import { malformed, show } from "./strict-json";

/** What the comparison needs of a tokenizer's tables. */
export interface Vocabulary {
  /** Token → id, without the added tokens. */
  readonly ids: ReadonlyMap<string, number>;
  /** Merge rules as "left right", or null for a model without any. */
  readonly merges: ReadonlySet<string> | null;
  /** Canonical JSON of the pre-tokeniser, or null where the file has none. */
  readonly preTokenizer: string | null;
  /** Added tokens: id → content. */
  readonly added: ReadonlyMap<number, string>;
}

/** tokenizer.json of the `tokenizers` library: BPE, WordPiece and WordLevel map token to id, Unigram lists [token, score]. */
export function parseTokenizerJson(value: Json, path: string): Vocabulary {
  const model = isObject(value) ? value.model : undefined;
  if (!isObject(value) || !isObject(model)) throw malformed(path, "it has no tokenizer model");
  return {
    ids: vocabularyIds(model.vocab, path),
    merges: model.merges === undefined || model.merges === null ? null : mergeRules(model.merges, path),
    preTokenizer: isObject(value.pre_tokenizer) ? canonicalJson(value.pre_tokenizer) : null,
    added: addedList(value.added_tokens, path),
  };
}

/** vocab.json: token → id. merges.txt: one "left right" a line, perhaps after a "#version" line. */
export function parseVocabularyFiles(
  vocab: Json,
  vocabPath: string,
  merges: { bytes: Uint8Array; path: string } | null,
): Vocabulary {
  return {
    ids: vocabularyIds(vocab, vocabPath),
    merges: merges === null ? null : mergeLines(merges.bytes, merges.path),
    preTokenizer: null,
    added: new Map(),
  };
}

function vocabularyIds(vocab: Json | undefined, path: string): Map<string, number> {
  const ids = new Map<string, number>();
  if (Array.isArray(vocab)) {
    for (const [id, entry] of vocab.entries()) {
      const token = Array.isArray(entry) ? entry[0] : entry;
      if (typeof token !== "string") throw malformed(path, `vocabulary entry ${id} has no token`);
      if (!ids.has(token)) ids.set(token, id);
    }
  } else if (isObject(vocab)) {
    for (const token of Object.keys(vocab)) ids.set(token, tokenId(vocab[token], path));
  } else throw malformed(path, "it has no vocabulary");
  return ids;
}

function mergeRules(merges: Json, path: string): Set<string> {
  if (!Array.isArray(merges)) throw malformed(path, "its merges are not a list");
  return new Set(
    merges.map((rule: Json) => {
      if (typeof rule === "string") return rule;
      const [left, right] = Array.isArray(rule) ? rule : [];
      if (typeof left !== "string" || typeof right !== "string")
        throw malformed(path, "a merge is not a pair of texts");
      return `${left} ${right}`;
    }),
  );
}

function mergeLines(bytes: Uint8Array, path: string): Set<string> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed(path, "it is not UTF-8 text");
  }
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#version"));
  return new Set(lines);
}

function addedList(list: Json | undefined, path: string): Map<number, string> {
  const added = new Map<number, string>();
  if (list === undefined || list === null) return added;
  if (!Array.isArray(list)) throw malformed(path, "added_tokens is not a list");
  for (const entry of list as Json[]) {
    if (!isObject(entry) || typeof entry.content !== "string")
      throw malformed(path, "an added token has no content");
    added.set(tokenId(entry.id, path), entry.content);
  }
  return added;
}

/** added_tokens_decoder of tokenizer_config.json: "id" → { content }. Null where the file has none. */
export function addedTokensDecoder(config: Json, path: string): Map<number, string> | null {
  const decoder = isObject(config) ? config.added_tokens_decoder : undefined;
  if (!isObject(decoder)) return null;
  const added = new Map<number, string>();
  for (const key of Object.keys(decoder)) {
    const entry = decoder[key];
    const content = isObject(entry) ? entry.content : entry;
    if (typeof content !== "string") throw malformed(path, `added token ${show(key)} has no content`);
    added.set(tokenId(numberFrom(key), path), content);
  }
  return added;
}

/** added_tokens.json: content → id as published; also { added_tokens: { id: content } }, the form of recorded data. */
export function addedTokensFile(value: Json, path: string): Map<number, string> {
  if (!isObject(value)) throw malformed(path, "it is not an object");
  const added = new Map<number, string>();
  const recorded = value.added_tokens;
  if (isObject(recorded)) {
    for (const key of Object.keys(recorded)) {
      const content = recorded[key];
      if (typeof content !== "string") throw malformed(path, `added token ${show(key)} has no content`);
      added.set(tokenId(numberFrom(key), path), content);
    }
    return added;
  }
  const published: JsonObject = value;
  for (const content of Object.keys(published)) added.set(tokenId(published[content], path), content);
  return added;
}

function numberFrom(key: string): number {
  return /^(?:0|[1-9][0-9]{0,9})$/.test(key) ? Number(key) : Number.NaN;
}

function tokenId(value: Json | undefined, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformed(path, `${show(JSON.stringify(value) ?? "nothing")} is not a token id`);
}
