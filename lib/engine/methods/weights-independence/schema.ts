import { z } from "zod";
import { groupSchema } from "../../result/document";

/** Statistics of weights/independence@2. log10 of probabilities are rounded up; counts are rows unless named. */

const count = z.int().min(0);
const log10P = z.number().max(0);
const place = z.strictObject({
  tensor: z.string(),
  stack: z.string(),
  layer: count,
  expert: count.nullable(),
});
const pairOf = <T extends z.ZodType>(schema: T) => z.strictObject({ original: schema, suspect: schema });
/** Rows in each window and how many of them were matched to their own index. */
const windows = z.strictObject({ sizes: z.array(count), matched: z.array(count) });

/** Windows of several permutation groups taken together. */
export const pooledSchema = z.strictObject({
  groups: count,
  windows: count,
  /** Rows at their own index, of how many; under the null one per window is expected. */
  matched: count,
  of: count,
  expected: count,
  /** Smallest count with p ≤ 1e-6, 1e-9, 1e-12 for one test; null where it cannot be reached. */
  critical: z.strictObject({ e6: count.nullable(), e9: count.nullable(), e12: count.nullable() }),
  log10P,
});

export const cellSchema = z.strictObject({
  group: groupSchema,
  axis: z.enum(["mlp-hidden", "projector-hidden", "value-channel"]),
  original: place,
  suspect: place,
  /** First sampled row and number of rows; null where no row could be taken. */
  sampled: z.strictObject({ start: count, rows: count }).nullable(),
  unmeasured: z.enum(["too-few-rows", "bytes-not-available", "constant-start"]).nullable(),
  rows: count,
  dropped: pairOf(count),
  windows,
  matched: count,
  /** One assignment over all rows: a diagnostic, never the basis of a finding. */
  global: z
    .strictObject({ matched: count, near: count, expectedNear: z.number(), rows: count, log10Bound: log10P })
    .nullable(),
  /** Index of the cell that this one falls together with, because the groups resemble each other inside one model. */
  sameAs: count.nullable(),
  /** Some given ancestor has a tensor of this part, role and shape. */
  inAncestor: z.boolean(),
  /** Per control, the windows of the control's own rows against either side. */
  controls: z.array(pairOf(windows.nullable())),
});

/** Hidden columns of the two embeddings over common tokens: one group, the residual stream of the whole network. */
const embeddingSchema = z.strictObject({
  /** Why this order does not count here; null where it was tested. */
  refused: z
    .enum([
      "no-embedding",
      "other-width",
      "embedding-is-common",
      "position-table",
      "positions-unknown",
      "too-few-shared-tokens",
      "too-few-columns",
      "bytes-not-available",
      "constant-start",
      "ancestor-fixes-order",
      "control-has-same-order",
    ])
    .nullable(),
  /** Tokens are common by their text, or by their number where a tokenizer cannot be read. */
  basis: z.enum(["strings", "ids"]).nullable(),
  tokens: count,
  sampled: z.strictObject({ start: count, columns: count }).nullable(),
  dropped: pairOf(count),
  windows,
  pooled: pooledSchema.nullable(),
  /** Controls whose weights can be opened, against either side. */
  controls: z.array(z.strictObject({ position: count, against: pairOf(pooledSchema.nullable()) })),
});

export const independenceStatisticsSchema = z.strictObject({
  windowRows: count,
  stacks: z.array(
    z.strictObject({ group: groupSchema, original: z.string(), suspect: z.string(), layers: pairOf(count) }),
  ),
  /** Neuron groups on each side in all, before pairing. */
  neuronGroups: pairOf(count),
  /** Groups that do not count: an ancestor or an unrelated family holds their values. */
  leftOut: pairOf(count),
  /** Identity map, layer by layer: the strip of a plot. */
  cells: z.array(cellSchema),
  /** The primary statistic: the identity map, collapsed groups once. */
  identity: pooledSchema.nullable(),
  embedding: embeddingSchema,
  /** Offsets declared beforehand, from the first 32 sampled rows of each layer. */
  maps: z.array(
    z.strictObject({ original: z.string(), suspect: z.string(), offset: z.int(), pooled: pooledSchema }),
  ),
  /** Every layer against every layer, judged one by one; null where it was not needed or not possible. */
  search: z
    .strictObject({
      pairs: count,
      /** Only pairs of layers that pass after all corrections. */
      found: z.array(z.strictObject({ original: place, suspect: place, matched: count, of: count, log10P })),
      bestLog10P: log10P,
    })
    .nullable(),
  multiplicity: z.strictObject({
    screened: count,
    looks: count,
    /** Layer maps tried, and pairs of layers searched. */
    maps: count,
    searched: count,
    /** Kinds of test side by side: layer maps, a search where one is possible, columns of embeddings where they count. */
    families: count,
    /** The factor that the reported p-value was multiplied by. */
    factor: count,
    /** log10 of p before that, and the threshold that amounts to the same: −6 − log10(factor). */
    log10Single: log10P,
    singleThreshold: z.number(),
  }),
  /** What the global matching would say over the same groups; a diagnostic. */
  globalLog10: log10P.nullable(),
  byGroup: z.array(z.strictObject({ group: groupSchema, inAncestor: count, pooled: pooledSchema })),
  /** Groups that no ancestor has, along admissible axes: null without ancestors, or where one cannot be read. */
  private: z.strictObject({ cells: z.array(cellSchema), pooled: pooledSchema.nullable() }).nullable(),
  controls: z.array(
    z.strictObject({
      position: count,
      like: z.boolean(),
      against: pairOf(pooledSchema.nullable()),
      /** A control that is itself not independent of a side is none. */
      related: z.boolean(),
    }),
  ),
});

export type IndependenceStatistics = z.infer<typeof independenceStatisticsSchema>;
export type EmbeddingStatistics = z.infer<typeof embeddingSchema>;
export type PooledStatistics = z.infer<typeof pooledSchema>;
export type CellStatistics = z.infer<typeof cellSchema>;
