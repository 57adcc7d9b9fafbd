import { createHash } from "node:crypto";
import { readAddedTokens, readVocabulary } from "../formats/tokenizer-files";
import type { ReleaseReader } from "../io/source/release";
import { rounded } from "../statistics/round";
import { anchorCount } from "./schema";

export interface TokenHashes {
  /** Distinct tokens of the vocabulary, the added ones too. */
  readonly tokens: number;
  /** The 512 smallest hashes, ascending, with the id of their token: a bottom-k MinHash, and the anchor tokens. */
  readonly smallest: readonly { readonly hash: string; readonly id: number }[];
}

const prefixDigits = 12;

/** Null when the release has no vocabulary that can be read. */
export async function tokenHashes(reader: ReleaseReader, signal?: AbortSignal): Promise<TokenHashes | null> {
  const found = await readVocabulary(reader, signal);
  if (found.state !== "read") return null;
  const ids = new Map(found.value.ids);
  for (const [id, token] of found.value.added) ids.set(token, id);
  const added = await readAddedTokens(reader, signal);
  if (added.state === "read") for (const [id, token] of added.value) ids.set(token, id);
  return bottomHashes(ids);
}

/** SHA-256 over each token's UTF-8, the first 48 bits; the smallest are kept. Two tokens with one prefix count as one. */
export function bottomHashes(ids: ReadonlyMap<string, number>): TokenHashes {
  const byHash = new Map<string, number>();
  for (const [token, id] of ids) {
    const hash = createHash("sha256").update(token).digest("hex").slice(0, prefixDigits);
    if (!byHash.has(hash)) byHash.set(hash, id);
  }
  const smallest = [...byHash]
    .map(([hash, id]) => ({ hash, id }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, anchorCount);
  return { tokens: byHash.size, smallest };
}

/**
 * Jaccard index of two vocabularies, estimated from their smallest hashes: the share of those that both sides hold among
 * the k smallest of the union (Broder, "On the resemblance and containment of documents", 1997). 1 for two empty ones.
 */
export function estimatedJaccard(a: readonly string[], b: readonly string[]): number {
  const k = Math.min(anchorCount, Math.max(a.length, b.length));
  if (k === 0) return 1;
  const [mine, theirs] = [new Set(a), new Set(b)];
  const union = [...new Set([...a, ...b])].sort().slice(0, k);
  return rounded(union.filter((hash) => mine.has(hash) && theirs.has(hash)).length / union.length);
}
