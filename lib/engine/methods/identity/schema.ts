import { z } from "zod";

/** Statistics of identity@1. Sizes in bytes. */

const side = z.strictObject({ original: z.int().min(0), suspect: z.int().min(0) });

export const equalFileSchema = z.strictObject({
  original: z.string(),
  suspect: z.string(),
  /** How the equality is known: the git blob id or the LFS SHA-256 of the listing; no byte was read for it. */
  by: z.enum(["git-blob", "lfs-sha256"]),
  hash: z.string(),
  size: z.int().min(0).nullable(),
  samePath: z.boolean(),
  /** True where equality says nothing: an empty file, a licence text, repository housekeeping. */
  common: z.boolean(),
  /** True where a given ancestor holds the same content. */
  inAncestor: z.boolean(),
});

export const jsonPairSchema = z.strictObject({
  original: z.string(),
  suspect: z.string(),
  /** content = equal as JSON, other bytes: the file was only reformatted. */
  same: z.enum(["bytes", "content", "different", "unknown"]),
  originalSize: z.int().min(0).nullable(),
  suspectSize: z.int().min(0).nullable(),
  inAncestor: z.boolean(),
});

export const weightPairSchema = z.strictObject({
  format: z.enum(["safetensors", "pytorch", "gguf", "onnx", "other"]),
  files: side,
  /** Files of the original whose content is listed on the other side too, and the reverse. */
  equal: side,
  /** Files whose content hash the listing states. */
  hashed: side,
  allEqual: z.boolean(),
  inAncestor: z.boolean(),
});

export const identityStatisticsSchema = z.strictObject({
  files: side,
  equalFiles: z.array(equalFileSchema),
  /** Equal files beyond the first 1000, which are not listed. */
  equalFilesNotListed: z.int().min(0),
  jsonFiles: z.array(jsonPairSchema),
  weights: z.array(weightPairSchema),
  /** Shards that a side's index names but its listing lacks. */
  missingShards: side,
});

export type IdentityStatistics = z.infer<typeof identityStatisticsSchema>;
export type EqualFile = z.infer<typeof equalFileSchema>;
export type JsonPair = z.infer<typeof jsonPairSchema>;
export type WeightPair = z.infer<typeof weightPairSchema>;
