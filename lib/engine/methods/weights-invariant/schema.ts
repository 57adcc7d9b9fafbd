import { z } from "zod";
import { groupSchema, transformationSchema } from "../../result/document";
import { pooledSchema } from "../weights-independence/schema";

/** Statistics of weights/invariant@2: 2B through tokens, 2C by search. Counts of neurons unless named. */

const count = z.int().min(0);
const pairOf = <T extends z.ZodType>(schema: T) => z.strictObject({ original: schema, suspect: schema });
const place = z.strictObject({
  tensor: z.string(),
  stack: z.string(),
  layer: count,
  expert: count.nullable(),
});
const windows = z.strictObject({ sizes: z.array(count), matched: z.array(count) });

const tokensSchema = z.strictObject({
  /** strings: equal texts; ids: equal numbers stand for them, because no tokenizer could be read on both sides. */
  basis: z.enum(["strings", "ids"]),
  shared: count,
  taken: count,
});

export const productCellSchema = z.strictObject({
  group: groupSchema,
  original: place,
  suspect: place,
  sampled: z.strictObject({ start: count, rows: count }).nullable(),
  rows: count,
  windows,
  matched: count,
  /** Rows at their own index, seen through tokens: mean |cosine|; null where nothing was measured. */
  cosine: z.number().nullable(),
  /** The same of the matrices themselves; null where their widths differ. */
  rawCosine: z.number().nullable(),
  /** Rescaling per neuron: the coefficient of variation of their scale; null with too few rows. */
  scaleVariation: z.number().nullable(),
  sameAs: count.nullable(),
  controls: z.array(pairOf(windows.nullable())),
});

const matchedRowsSchema = z.strictObject({
  rows: count,
  /** Of the matched input matrices, row by row: mean cosine, share of equal values. */
  cosine: z.number(),
  equal: z.number(),
  /** Median scale of suspect rows over original rows, and its coefficient of variation. */
  scale: z.number(),
  scaleVariation: z.number(),
  /** What is left after each row's own scale: its size over the suspect's, and excess kurtosis (null: nothing is left). */
  residual: z.number(),
  residualKurtosis: z.number().nullable(),
  /** Coefficient of variation of the residual's size from row to row (white noise: 1/√(2 × columns)). */
  residualVariation: z.number(),
  white: z.boolean(),
});

export const invariantStatisticsSchema = z.strictObject({
  /** 2B: null where the two sides share no tokens, or a side has no embedding. */
  products: z
    .strictObject({
      tokens: tokensSchema,
      hidden: pairOf(count),
      /** Layers whose preceding norm was found, of the cells on either side. */
      gains: pairOf(count),
      cells: z.array(productCellSchema),
      pooled: pooledSchema.nullable(),
      /** Rows granted to features that models trained on like data share, before p is taken. */
      granted: count,
      /** log10 p with those rows granted, and with all corrections; printed no lower than the floor. */
      log10Granted: z.number().max(0).nullable(),
      floor: z.number(),
      controls: z.array(
        z.strictObject({ position: count, like: z.boolean(), against: pairOf(pooledSchema.nullable()) }),
      ),
    })
    .nullable(),
  /** 2C: null where it was not needed or not possible. */
  search: z
    .strictObject({
      /** rows: the matrices themselves; tokens: seen through tokens (a rotated residual stream). */
      by: z.enum(["rows", "tokens"]),
      layer: pairOf(count),
      views: z.array(z.enum(["up", "gate", "down"])),
      references: count,
      candidates: count,
      /** References for which both views name the same neuron, and of those, how many keep their number. */
      agree: count,
      ownIndex: count,
      /** Agreements with each control at equal depth: of the same references, and of the control against the other side. */
      controls: z.array(
        z.strictObject({ position: count, agree: count.nullable(), candidates: count.nullable() }),
      ),
      /** Usable unrelated controls; two are needed for a finding. */
      calibratedBy: count,
      found: z.boolean(),
      matchedRows: matchedRowsSchema.nullable(),
    })
    .nullable(),
  /** Query heads of the middle layer found again by value and by attention-out blocks; null where heads are unknown. */
  heads: z.strictObject({ layer: pairOf(count), heads: count, agree: count, ownIndex: count }).nullable(),
  transformations: z.array(transformationSchema),
});

export type InvariantStatistics = z.infer<typeof invariantStatisticsSchema>;
export type MatchedRows = z.infer<typeof matchedRowsSchema>;
