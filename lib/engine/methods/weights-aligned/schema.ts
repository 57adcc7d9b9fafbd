import { z } from "zod";
import { groupSchema, transformationSchema } from "../../result/document";

/** Statistics of weights/aligned@2. Shares are 0 … 1; intervals are percentile intervals of 95 % over tensors. */

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const number = z.number();
const interval = z.strictObject({ value: number, low: number, high: number });
const bySide = z.strictObject({ original: number, suspect: number });
const counts = z.strictObject({ original: count, suspect: count });

export const changeSchema = z.enum([
  "equal",
  "recast",
  "pruned",
  "quantised",
  "rescaled",
  "noise",
  "trained",
  "none",
]);

const changes = z.strictObject({
  equal: count,
  recast: count,
  pruned: count,
  quantised: count,
  rescaled: count,
  noise: count,
  trained: count,
  none: count,
});

export const leftOutSchema = z.enum([
  "not-finite",
  "little-entropy",
  "constructed",
  "common-ancestor",
  "common-families",
]);

const direction = z.strictObject({
  /** Matrices whose difference from the nearest ancestor is two units of the grid or more on the explaining side. */
  eligible: count,
  alpha: interval.nullable(),
  alphaMedian: number.nullable(),
  partialR2: interval.nullable(),
  rho: interval.nullable(),
  rhoMedian: number.nullable(),
  lengthRatio: number.nullable(),
  rhoShare: share.nullable(),
  lengthShare: share.nullable(),
  ruleShare: share.nullable(),
});

export const groupStatisticsSchema = z.strictObject({
  group: groupSchema,
  counted: count,
  matrices: count,
  leftOut: z.partialRecord(leftOutSchema, count),
  changes,
  /** Means over counted matrices. */
  equal: share.nullable(),
  cosine: number.nullable(),
  lambda: number.nullable(),
  eligible: counts,
  alpha: z.strictObject({ originalToSuspect: interval.nullable(), suspectToOriginal: interval.nullable() }),
  rho: interval.nullable(),
});

export const ancestryStatisticsSchema = z.strictObject({
  given: count,
  /** Position of the ancestor that both sides are nearest to. */
  nearest: count,
  originalToSuspect: direction,
  suspectToOriginal: direction,
  /** The same when the sides are swapped: the direction with the larger share of matrices under the rule decides. */
  symmetric: z.strictObject({
    decidable: z.boolean(),
    eligible: count,
    alpha: interval.nullable(),
    rho: interval.nullable(),
    partialR2: interval.nullable(),
    rhoShare: share.nullable(),
    lengthShare: share.nullable(),
    ruleShare: share.nullable(),
  }),
  /** Largest partial R² among controls that resemble the sides as siblings do; null without such a control. */
  panelR2: number.nullable(),
  /** Median coefficients of the other ancestors in the regression of s, by position; null where not used. */
  donors: z.array(number.nullable()),
  /** Median share of <s,s> that the joint regression explains. */
  explained: number.nullable(),
});

export const alignedStatisticsSchema = z.strictObject({
  tensors: z.strictObject({
    sampled: count,
    counted: count,
    matrices: count,
    unpaired: counts,
    unreadable: count,
    codes: count,
    expertsLeftOut: count,
    resized: count,
  }),
  elements: count,
  changes,
  vectors: z.strictObject({ counted: count, equal: count, alike: count }),
  /** Means over counted matrices. */
  equal: share.nullable(),
  cosine: number.nullable(),
  lambda: bySide.nullable(),
  groups: z.array(groupStatisticsSchema),
  ancestry: ancestryStatisticsSchema.nullable(),
  closest: z
    .strictObject({
      to: z.enum(["original", "ancestor", "neither", "unknown"]),
      /** Squared distance between the sides over the squared distance of each side to its nearest ancestor. */
      overOriginal: interval.nullable(),
      overSuspect: interval.nullable(),
    })
    .nullable(),
  noise: z
    .strictObject({
      white: count,
      of: count,
      law: z.enum(["constant", "relative", "none"]),
      value: interval,
      sigma: interval,
      variation: z.strictObject({ constant: number.nullable(), relative: number.nullable() }),
      kurtosis: number,
      edge: number.nullable(),
      onSuspect: count,
      deviance: z.strictObject({ sum: number, degrees: count }),
    })
    .nullable(),
  quantised: z
    .strictObject({
      tensors: count,
      bits: z.array(z.strictObject({ bits: count.nullable(), tensors: count })),
      onSuspect: count,
    })
    .nullable(),
  pruned: z.strictObject({ tensors: count, zeroed: bySide }).nullable(),
  rescaled: z.strictObject({ rows: count, columns: count, smallest: number, largest: number }).nullable(),
  lowRank: z
    .strictObject({ blocks: count, low: count, rank: number.nullable(), rest: number.nullable() })
    .nullable(),
  merge: z
    .strictObject({
      kind: z.enum(["weighted", "by-layer"]),
      alpha: interval.nullable(),
    })
    .nullable(),
  layers: z.array(
    z.strictObject({
      original: count,
      suspect: count,
      stack: z.string(),
      matrices: count,
      equal: share,
      cosine: interval,
      alpha: interval.nullable(),
      rho: number.nullable(),
    }),
  ),
  layerMaps: z.array(
    z.strictObject({
      original: z.string(),
      suspect: z.string(),
      layers: counts,
      pairs: z.array(z.tuple([count, count])),
      moved: z.boolean(),
      without: z.strictObject({ original: z.array(count), suspect: z.array(count) }),
      repeated: z.strictObject({ original: z.array(count), suspect: z.array(count) }),
    }),
  ),
  residual: z
    .strictObject({
      tensor: z.strictObject({ original: z.string(), suspect: z.string() }),
      sigma: number.nullable(),
      /** Edges −4 … 4 standard deviations in 64 equal bins; values beyond stand in the outer ones. */
      sd: number,
      counts: z.array(count).length(64),
      expected: z.array(number).length(64).nullable(),
    })
    .nullable(),
  panel: z.array(
    z.strictObject({
      control: count,
      matrices: count,
      /** Of the control with the original, and with the suspect. */
      cosine: bySide,
      equal: bySide,
      rho: z.strictObject({ original: number.nullable(), suspect: number.nullable() }),
      ruleShare: z.strictObject({ original: number.nullable(), suspect: number.nullable() }),
    }),
  ),
  transformations: z.array(transformationSchema),
  noiseSigma: number.nullable(),
  alpha: interval.nullable(),
  tensorMap: z.array(
    z.strictObject({
      original: z.string(),
      suspect: z.string(),
      group: groupSchema,
      layer: count.nullable(),
      change: changeSchema,
      leftOut: leftOutSchema.nullable(),
      equal: share,
      cosine: number,
      /** Position of an ancestor that holds the suspect's values, or null. */
      ancestor: count.nullable(),
      alpha: number.nullable(),
      rho: number.nullable(),
    }),
  ),
});

export type AlignedStatistics = z.infer<typeof alignedStatisticsSchema>;
export type GroupStatistics = z.infer<typeof groupStatisticsSchema>;
export type AncestryStatistics = z.infer<typeof ancestryStatisticsSchema>;
