import { sha256Hex } from "../../formats/canonical-json";
import { roleOf } from "./roles";
import type { Rename } from "./schema";
import { isNumber, pairEqualSpellings, type Rest, type Spelling, type Step } from "./spellings";

const maxRounds = 64;

/**
 * Finds words (parts between dots) that were renamed. Among the names without a partner, a word that occurs on one
 * side only is described by all its contexts, with every other such word blanked; two words with the same
 * description, when no third has it, are one word renamed. Shapes, where known, belong to the description. Words
 * that share a description are told apart only by their role (q_proj and query, say), never by guessing.
 */
export function wordRenames(start: Rest, common: readonly string[]): Step {
  let rest = start;
  const pairs = new Map<string, string>();
  const renames: Rename[] = [];
  const words = new Map<string, string>();
  const affected = new Map<string, string[]>();
  for (let round = 0; round < maxRounds; round++) {
    const found = oneRound(rest);
    if (found.size === 0) break;
    for (const [word, other] of found) words.set(word, other);
    rest = { ...rest, original: rest.original.map((tensor) => respelt(tensor, found, affected)) };
  }
  const matched = pairEqualSpellings(rest);
  for (const [mine, other] of matched.pairs) pairs.set(mine, other);
  for (const [word, other] of words) {
    const names = (affected.get(word) ?? []).filter((name) => pairs.has(name));
    if (names.length > 0) renames.push(...written(word, other, names, pairs, common));
  }
  // A rename that paired nothing explains nothing: its names go on under their own spelling.
  return { pairs, renames, rest: { ...matched.rest, original: matched.rest.original.map(asNamed) } };
}

function oneRound(rest: Rest): Map<string, string> {
  const [mine, theirs] = [wordsOf(rest.original), wordsOf(rest.suspect)];
  const onlyMine = new Set([...mine].filter((word) => !theirs.has(word)));
  const onlyTheirs = new Set([...theirs].filter((word) => !mine.has(word)));
  const a = Map.groupBy(descriptions(rest.original, onlyMine), ([, description]) => description);
  const b = Map.groupBy(descriptions(rest.suspect, onlyTheirs), ([, description]) => description);
  const found = new Map<string, string>();
  for (const [description, group] of a) {
    const words = group.map(([word]) => word);
    const others = (b.get(description) ?? []).map(([word]) => word);
    if (words.length === 1 && others.length === 1) found.set(words[0] as string, others[0] as string);
    else for (const [word, other] of byRole(words, others)) found.set(word, other);
  }
  return found;
}

function byRole(words: readonly string[], others: readonly string[]): [string, string][] {
  return words.flatMap((word): [string, string][] => {
    const role = roleOf(word);
    if (role === null || words.filter((rival) => roleOf(rival) === role).length > 1) return [];
    const candidates = others.filter((other) => roleOf(other) === role);
    return candidates.length === 1 ? [[word, candidates[0] as string]] : [];
  });
}

function descriptions(tensors: readonly Spelling[], words: ReadonlySet<string>): [string, string][] {
  const contexts = new Map<string, string[]>();
  for (const { spelt, shape } of tensors) {
    const segments = spelt.split(".");
    for (const word of new Set(segments.filter((segment) => words.has(segment)))) {
      const blanked = segments.map((segment) =>
        segment === word ? "\u0001" : words.has(segment) ? "\u0002" : segment,
      );
      const list = contexts.get(word) ?? [];
      list.push(`${blanked.join(".")} ${shape}`);
      contexts.set(word, list);
    }
  }
  return [...contexts].map(([word, list]) => [word, sha256Hex(list.sort().join("\n"))]);
}

function wordsOf(tensors: readonly Spelling[]): Set<string> {
  return new Set(tensors.flatMap(({ spelt }) => spelt.split(".").filter((segment) => !isNumber(segment))));
}

function respelt(
  tensor: Spelling,
  found: ReadonlyMap<string, string>,
  affected: Map<string, string[]>,
): Spelling {
  const segments = tensor.spelt.split(".");
  const hit = new Set(segments.filter((segment) => found.has(segment)));
  if (hit.size === 0) return tensor;
  for (const word of hit) {
    const names = affected.get(word);
    if (names) names.push(tensor.name);
    else affected.set(word, [tensor.name]);
  }
  return { ...tensor, spelt: segments.map((segment) => found.get(segment) ?? segment).join(".") };
}

function asNamed(tensor: Spelling): Spelling {
  return { ...tensor, spelt: tensor.name };
}

/** The word alone where it was renamed everywhere; else one entry per place, numbers written as "*". */
function written(
  word: string,
  other: string,
  names: readonly string[],
  pairs: ReadonlyMap<string, string>,
  common: readonly string[],
): Rename[] {
  const everywhere = !common.some((name) => {
    const segments = name.split(".");
    return segments.includes(word) || segments.includes(other);
  });
  if (everywhere) return [{ original: word, suspect: other, kind: "word", tensors: names.length }];
  const places = Map.groupBy(names, (name) => place(name, word));
  return [...places].map(([original, list]) => ({
    original,
    suspect: place(pairs.get(list[0] as string) ?? "", other),
    kind: "word" as const,
    tensors: list.length,
  }));
}

function place(name: string, word: string): string {
  const segments = name.split(".");
  return segments
    .slice(0, segments.indexOf(word) + 1)
    .map((segment) => (isNumber(segment) ? "*" : segment))
    .join(".");
}
