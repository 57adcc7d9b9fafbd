import { SeededStream } from "../../weights/sample-seed";

/** A token that both vocabularies have, by its id on either side. */
export interface SharedToken {
  readonly a: number;
  readonly b: number;
}

export interface TokenSource {
  /** Token → id; null where no tokenizer can be read. */
  readonly ids: ReadonlyMap<string, number> | null;
  /** Rows of the embedding. */
  readonly rows: number;
}

/** strings: tokens that are equal texts; ids: equal numbers stand for equal tokens, because no text can be read. */
export type TokenBasis = "strings" | "ids";

/** Tokens in a run: consecutive entries of the list, so that ranges of one vocabulary meet and gaps can be bridged. */
const runLength = 32;
/** A vocabulary of bytes and a few special tokens has at most this many. */
const byteVocabulary = 320;
const bytes = 256;

/**
 * Tokens shared by two vocabularies, in the order of their ids. Where a tokenizer cannot be read, equal ids stand for
 * equal tokens if both embeddings have the same height, or if both are so low that they can only hold bytes. Null
 * where neither holds.
 */
export function sharedTokens(
  a: TokenSource,
  b: TokenSource,
): { readonly basis: TokenBasis; readonly tokens: readonly SharedToken[] } | null {
  if (a.ids !== null && b.ids !== null) {
    const tokens: SharedToken[] = [];
    for (const [text, id] of a.ids) {
      const other = b.ids.get(text);
      if (other !== undefined && id < a.rows && other < b.rows) tokens.push({ a: id, b: other });
    }
    return { basis: "strings", tokens: tokens.sort((x, y) => x.a - y.a || x.b - y.b) };
  }
  const least = Math.min(a.rows, b.rows);
  if (a.rows !== b.rows && (least < bytes || Math.max(a.rows, b.rows) > byteVocabulary)) return null;
  const count = a.rows === b.rows ? least : bytes;
  return { basis: "ids", tokens: Array.from({ length: count }, (_, id) => ({ a: id, b: id })) };
}

/** At most `most` of the list: whole runs in an order that the seed gives, put back into the order of the list. */
export function chosenTokens(tokens: readonly SharedToken[], most: number, seed: string): SharedToken[] {
  if (tokens.length <= most) return [...tokens];
  const runs = Math.floor(tokens.length / runLength);
  const order = new SeededStream(seed, "tokens").permutation(runs);
  const taken = [...order.subarray(0, Math.floor(most / runLength))].sort((x, y) => x - y);
  return taken.flatMap((run) => tokens.slice(run * runLength, (run + 1) * runLength));
}
