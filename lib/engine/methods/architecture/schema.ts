import { z } from "zod";
import { groupSchema, jsonSchema, transformationSchema } from "../../result/document";

/** Statistics of architecture@1. Counts of tensors, bytes where named so. */

const count = z.int().min(0);
const side = z.strictObject({ original: count, suspect: count });
const maybe = z.strictObject({ original: count.nullable(), suspect: count.nullable() });
const keyed = z.strictObject({ key: z.string(), value: jsonSchema });

export const renameSchema = z.strictObject({
  original: z.string(),
  suspect: z.string(),
  /** word = a part of the name between dots, wherever it occurs; prefix = the beginning of the name ("" = none). */
  kind: z.enum(["word", "prefix"]),
  tensors: count,
});

export const configSchema = z.strictObject({
  files: z.strictObject({ original: z.string(), suspect: z.string() }),
  keys: side,
  equal: z.array(z.string()),
  differ: z.array(z.strictObject({ key: z.string(), original: jsonSchema, suspect: jsonSchema })),
  onlyOriginal: z.array(keyed),
  onlySuspect: z.array(keyed),
  /** Only with strong evidence: a distinctive value that occurs once on each side, under keys the other side lacks. */
  renamed: z.array(z.strictObject({ original: z.string(), suspect: z.string(), value: jsonSchema })),
  beyondAncestors: z
    .strictObject({
      ancestorsRead: count,
      /** Keys that some given ancestor has too. */
      ordinary: side,
      /** Keys that no given ancestor has. */
      own: z.strictObject({ original: z.array(z.string()), suspect: z.array(z.string()) }),
      /** Own keys that both sides have with equal values. */
      shared: z.array(keyed),
    })
    .nullable(),
});

export const leftoverNameSchema = z.strictObject({
  /** The side in whose file the reference stands. */
  side: z.enum(["original", "suspect"]),
  file: z.string(),
  pointer: z.string(),
  value: z.string(),
  /** The file of the other side that the reference names and this side lacks. */
  names: z.string(),
});

export const architectureStatisticsSchema = z.strictObject({
  tensors: maybe,
  shapesKnown: z.strictObject({ original: z.boolean(), suspect: z.boolean() }),
  shards: maybe,
  /** Tensors paired one to one, by equal names or under the rename map. */
  paired: count,
  unchanged: z.array(z.strictObject({ prefix: z.string(), tensors: count })),
  renames: z.array(renameSchema),
  unpaired: z.strictObject({ original: z.array(z.string()), suspect: z.array(z.string()) }),
  unpairedCount: side,
  shapes: z.strictObject({ equal: count, different: count, unknown: count }),
  dtypesDifferent: count,
  /** Jaccard index of the multisets of matrix shapes; null unless all shapes are known. */
  matrixShapeJaccard: z.number().nullable(),
  /** Numbered stacks; equalShapes = layers whose multiset of shapes is equal at the same number, null when unknown. */
  layers: z.array(
    z.strictObject({ original: z.string(), suspect: z.string(), count: side, equalShapes: count.nullable() }),
  ),
  groups: z.array(z.strictObject({ group: groupSchema, tensors: count })),
  transformations: z.array(transformationSchema),
  totals: z.strictObject({
    /** metadata.total_size of the shard index, bytes. */
    stated: maybe,
    /** Sum of the shards' listed sizes, bytes. */
    listed: maybe,
    sameWrongFigure: z.boolean(),
  }),
  config: configSchema.nullable(),
  leftoverNames: z.array(leftoverNameSchema),
});

export type ArchitectureStatistics = z.infer<typeof architectureStatisticsSchema>;
export type Rename = z.infer<typeof renameSchema>;
export type ConfigStatistics = z.infer<typeof configSchema>;
export type LeftoverName = z.infer<typeof leftoverNameSchema>;
