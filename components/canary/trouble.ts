import type { CanaryWords } from "./words";

export interface Trouble {
  /** In the reader's language, by the code. */
  readonly sentence: string;
  /** What exactly it was, in English, as the engine says it; null where the sentence says all. */
  readonly detail: string | null;
}

/** What a refusal of the engine says to people. By its name: an island's chunk may hold a class of its own. */
export function troubleOf(error: unknown, sentences: CanaryWords["problems"]): Trouble {
  if (!(error instanceof Error)) return { sentence: sentences.unreadable, detail: null };
  if (error.name !== "CanaryError" || !("code" in error))
    return { sentence: sentences.unreadable, detail: error.message };
  const code = String(error.code) as keyof typeof sentences;
  return { sentence: sentences[code] ?? sentences.invalid, detail: error.message };
}
