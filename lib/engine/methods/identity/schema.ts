import { z } from "zod";

/** Statistics of identity@2. Sizes in bytes. */

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

/** From a full read (level 3). A tensor counts unless all its values are equal, it is tiny, or a table of positions. */
export const tensorStatisticsSchema = z.strictObject({
  /** Whether bytes are missing, or a tensor has none of its own. */
  incomplete: z.strictObject({ original: z.boolean(), suspect: z.boolean() }),
  counted: side,
  notCounted: side,
  /** Counted tensors of both sides with the same Merkle root, one to one. */
  identical: z.int().min(0),
  /** How many of these pairs, and of all counted tensors of each side, a given ancestor holds too. */
  inAncestor: z.strictObject({
    pairs: z.int().min(0),
    original: z.int().min(0),
    suspect: z.int().min(0),
  }),
  /** Of the identical pairs: other names, other division into files, other order within a file. */
  renamed: z.int().min(0),
  resharded: z.boolean(),
  reordered: z.boolean(),
  /** Tensors of either side that the other side or an ancestor holds, the suspect's first; at most 500 rows of 4 names. */
  map: z.array(
    z.strictObject({
      side: z.enum(["original", "suspect"]),
      tensor: z.string(),
      other: z.array(z.string()),
      ancestors: z.array(z.strictObject({ position: z.int().min(0), tensors: z.array(z.string()) })),
    }),
  ),
  mapNotListed: z.int().min(0),
  /** Matched tensors that differ but share leaves at equal places; most shared first, at most 500. */
  partial: z.array(
    z.strictObject({
      original: z.string(),
      suspect: z.string(),
      leaves: z.int().min(1),
      equal: z.int().min(1),
    }),
  ),
  partialNotListed: z.int().min(0),
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
  /** Null below level 3, where tensors are not read. */
  tensors: tensorStatisticsSchema.nullable(),
});

export type IdentityStatistics = z.infer<typeof identityStatisticsSchema>;
export type EqualFile = z.infer<typeof equalFileSchema>;
export type JsonPair = z.infer<typeof jsonPairSchema>;
export type TensorStatistics = z.infer<typeof tensorStatisticsSchema>;
export type WeightPair = z.infer<typeof weightPairSchema>;
