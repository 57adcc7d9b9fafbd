import { z } from "zod";
import { groupSchema } from "../../result/document";

/** Statistics of weights/full@2. Every byte of the weight files of all sides was read. */

const count = z.int().min(0);
const bySide = z.strictObject({ original: count, suspect: count });

const shapeSchema = z.strictObject({ mean: z.number(), sd: z.number().min(0), kurtosis: z.number() });

const readSideSchema = z.strictObject({
  files: count,
  /** Files of which some bytes could not be had. */
  incomplete: count,
  bytes: count,
  tensors: count,
  leaves: count,
  /** SHA-256 over the sorted roots of all tensors: the same for the same tensors under any names, order and files. */
  digest: z.string().nullable(),
});

/** What was found over all elements of some pairs of tensors. Null where a value is not finite. */
const comparedSchema = z.strictObject({
  pairs: count,
  elements: count,
  /** Elements with equal values. */
  equal: count,
  /** Pearson correlation over all elements. */
  cosine: z.number().nullable(),
  /** λ both ways: <S,O>/<O,O> and <S,O>/<S,S>. */
  lambda: z.strictObject({ suspectOnOriginal: z.number(), originalOnSuspect: z.number() }).nullable(),
  /** Of suspect minus original. */
  difference: shapeSchema.nullable(),
});

const slopeSchema = z.strictObject({
  /** Partial regression coefficient of one side's difference from the first ancestor on the other's. */
  alpha: z.number(),
  /** Part of what the ancestors leave unexplained that the other side explains. */
  partialR2: z.number(),
});

export const weightsFullStatisticsSchema = z.strictObject({
  read: z.strictObject({
    original: readSideSchema,
    suspect: readSideSchema,
    ancestors: z.array(readSideSchema),
  }),
  /** Leaves of counted tensors, and how many of them the other side holds anywhere; `inAncestor`: an ancestor, too. */
  leaves: z.strictObject({ counted: bySide, equal: bySide, inAncestor: bySide }),
  unpaired: bySide,
  /** Pairs whose rows are of different lengths, or whose bytes could not be had. */
  notCompared: count,
  /** Pairs that code computes on both sides: no part of anything below. */
  constructed: count,
  compared: comparedSchema,
  groups: z.array(z.strictObject({ group: groupSchema, compared: comparedSchema })),
  /** Over the pairs that all subtracted ancestors have, too; null without them. */
  beyondAncestors: z
    .strictObject({
      /** Positions of the ancestors that were subtracted. */
      ancestors: z.array(count),
      pairs: count,
      elements: count,
      suspectOnOriginal: slopeSchema.nullable(),
      originalOnSuspect: slopeSchema.nullable(),
      /** Cosine of the two differences. */
      rho: z.number().nullable(),
      /** |s|/|o|. */
      sizeRatio: z.number().nullable(),
    })
    .nullable(),
  /** Pairs by rising correlation, at most 400. */
  tensors: z.array(
    z.strictObject({
      original: z.string(),
      suspect: z.string(),
      compared: comparedSchema,
      leaves: z.strictObject({ of: count, equal: count }).nullable(),
      sketches: z.strictObject({ original: z.string().nullable(), suspect: z.string().nullable() }),
      shapes: z.strictObject({ original: shapeSchema.nullable(), suspect: shapeSchema.nullable() }),
    }),
  ),
  tensorsNotListed: count,
});

export type WeightsFullStatistics = z.infer<typeof weightsFullStatisticsSchema>;
export type Compared = WeightsFullStatistics["compared"];
export type BeyondAncestors = NonNullable<WeightsFullStatistics["beyondAncestors"]>;
