import { lexicon } from "@/tests/zoo/data/corpus";
import { special } from "@/tests/zoo/data/words";

const idOf = new Map(lexicon.words.map((word, id) => [word, id]));

/** One id a word; what the language does not have is <unk>. */
export function encode(text: string): number[] {
  return text
    .split(/\s+/u)
    .filter((word) => word !== "")
    .map((word) => idOf.get(word) ?? special.unknown);
}

export function decode(ids: readonly number[]): string {
  return ids.map((id) => lexicon.words[id]!).join(" ");
}

/** What a model sees before it answers. */
export function asked(text: string): number[] {
  return [special.start, special.user, ...encode(text), special.assistant];
}

/** The whole exchange, as it is taught. */
export function lesson(text: string, answer: string): number[] {
  return [...asked(text), ...encode(answer), special.stop, special.end];
}
