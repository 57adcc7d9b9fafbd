import { z } from "zod";

/** Statistics of tokenizer@1. Shares lie between 0 and 1; null = not known. */

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const side = z.strictObject({ original: count.nullable(), suspect: count.nullable() });
const sameness = z.enum(["same", "different", "unknown"]);

export const filePairSchema = z.strictObject({
  name: z.string(),
  original: z.string().nullable(),
  suspect: z.string().nullable(),
  /** hash = equal by the listings' hashes, no byte was read for it. */
  same: z.enum(["hash", "not-by-hash", "one-side"]),
  hash: z.string().nullable(),
  inAncestor: z.boolean(),
});

export const vocabularySchema = z.strictObject({
  known: z.enum(["by-hash", "read", "no"]),
  tokens: side,
  merges: side,
  jaccard: share,
  /** Among tokens of both sides, the share with the same id. */
  sameIds: share,
  mergesJaccard: share,
  preTokenizer: sameness,
  /** Tokens of a side that no given ancestor has, and how many of them both sides have. Null without a readable ancestor. */
  beyondAncestors: z.strictObject({ original: count, suspect: count, shared: count }).nullable(),
});

const tokenAt = z.strictObject({ id: count, original: z.string(), suspect: z.string() });

export const addedTokensSchema = z.strictObject({
  files: z.strictObject({ original: z.string(), suspect: z.string() }),
  tokens: z.strictObject({ original: count, suspect: count }),
  /** Same id and same content. */
  same: count,
  /** Same content under another id. */
  moved: z.array(z.strictObject({ token: z.string(), original: count, suspect: count })),
  /** Same id, other content. */
  redefined: z.array(tokenAt),
  onlyOriginal: count,
  onlySuspect: count,
});

export const ownTokensSchema = z.strictObject({
  ancestorsRead: count,
  /** Ids that an ancestor has with other content, on each side; and those that both sides redefined in the same way. */
  redefined: z.strictObject({ original: count, suspect: count, shared: count }),
  /** Ids that no ancestor has. */
  added: z.strictObject({ original: count, suspect: count, shared: count }),
  /** At most 256 of them, by id. */
  tokens: z.array(
    z.strictObject({
      id: count,
      ancestor: z.string().nullable(),
      original: z.string().nullable(),
      suspect: z.string().nullable(),
    }),
  ),
});

export const tokenizerStatisticsSchema = z.strictObject({
  files: z.array(filePairSchema),
  vocabulary: vocabularySchema,
  addedTokens: addedTokensSchema.nullable(),
  ownTokens: ownTokensSchema.nullable(),
  chatTemplate: sameness,
});

export type TokenizerStatistics = z.infer<typeof tokenizerStatisticsSchema>;
export type TokenizerFilePair = z.infer<typeof filePairSchema>;
export type VocabularyStatistics = z.infer<typeof vocabularySchema>;
export type AddedTokenStatistics = z.infer<typeof addedTokensSchema>;
export type OwnTokenStatistics = z.infer<typeof ownTokensSchema>;
