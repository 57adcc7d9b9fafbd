import type { ReleaseReader } from "../io/source/release";
import type { Json } from "../methods/method";
import { isObject } from "./json-shape";
import { type Found, readJsonMetadata, readMetadata } from "./metadata-files";
import {
  addedTokensDecoder,
  addedTokensFile,
  parseTokenizerJson,
  parseVocabularyFiles,
  type Vocabulary,
} from "./tokenizer-json";

/** The vocabulary: tokenizer.json, else vocab.json with merges.txt. */
export async function readVocabulary(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<Found<Vocabulary>> {
  const modern = await readJsonMetadata(reader, "tokenizer.json", signal);
  if (modern.state === "read") return { ...modern, value: parseTokenizerJson(modern.value, modern.path) };
  if (modern.state === "unavailable") return modern;
  const vocab = await readJsonMetadata(reader, "vocab.json", signal);
  if (vocab.state !== "read") return vocab;
  const merges = await readMetadata(reader, "merges.txt", signal);
  const rules = merges.state === "read" ? { bytes: merges.value, path: merges.path } : null;
  return { ...vocab, value: parseVocabularyFiles(vocab.value, vocab.path, rules) };
}

/**
 * Added tokens, id → content, from the first place that states them: tokenizer_config.json, added_tokens.json,
 * tokenizer.json (the largest, hence last).
 */
export async function readAddedTokens(
  reader: ReleaseReader,
  signal?: AbortSignal,
): Promise<Found<ReadonlyMap<number, string>>> {
  const config = await readJsonMetadata(reader, "tokenizer_config.json", signal);
  if (config.state === "read") {
    const tokens = addedTokensDecoder(config.value, config.path);
    if (tokens !== null) return { ...config, value: tokens };
  }
  const file = await readJsonMetadata(reader, "added_tokens.json", signal);
  if (file.state === "read") return { ...file, value: addedTokensFile(file.value, file.path) };
  const modern = await readJsonMetadata(reader, "tokenizer.json", signal);
  if (modern.state === "read")
    return { ...modern, value: parseTokenizerJson(modern.value, modern.path).added };
  return modern.state === "unavailable" ? modern : config.state === "unavailable" ? config : file;
}

/** The chat template as JSON: one text, or the list of named ones; a file of its own where the config has none. */
export async function readChatTemplate(reader: ReleaseReader, signal?: AbortSignal): Promise<Found<Json>> {
  const config = await readJsonMetadata(reader, "tokenizer_config.json", signal);
  const inside = config.state === "read" && isObject(config.value) ? config.value.chat_template : undefined;
  if (config.state === "read" && inside !== undefined && inside !== null) return { ...config, value: inside };
  const file = await readMetadata(reader, "chat_template.jinja", signal);
  if (file.state === "read") return { ...file, value: new TextDecoder().decode(file.value) };
  return file.state === "unavailable" || config.state !== "unavailable" ? file : config;
}
