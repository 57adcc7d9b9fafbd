import { z } from "zod";
import { groupSchema } from "../../result/document";
import { pooledSchema } from "../weights-independence/schema";

/** Statistics of weights/fingerprint@1. */

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const pairOf = <T extends z.ZodType>(schema: T) => z.strictObject({ original: schema, suspect: schema });
const cosine = z.strictObject({
  value: z.number(),
  /** 95 %: ± 1.96 (1 − c²)/√1024, from the sketch alone. */
  low: z.number(),
  high: z.number(),
});

const sideSchema = z.strictObject({
  /** full and light: a fingerprint was given; release: a release whose weights can be read; unreadable: neither. */
  kind: z.enum(["full", "light", "release", "unreadable"]),
  /** Digest of the fingerprint that was given. */
  digest: z.string().nullable(),
  /** Id of the key that signed it. Whose key it is, nobody has checked. */
  signedBy: z.string().nullable(),
  /** A full fingerprint was computed from the release in this run (level 3). */
  computed: z.boolean(),
});

const sketchedPair = z.strictObject({
  original: z.string(),
  suspect: z.string(),
  group: groupSchema,
  layer: count.nullable(),
  cosine,
  /** What is left after the first ancestor is taken off both sides, and the other ancestors' differences are regressed out. */
  beyondAncestors: z
    .strictObject({
      rho: cosine,
      /** Coefficient of the original's difference in the suspect's. */
      alpha: z.number(),
      /** |s|/|o| */
      lengthRatio: z.number(),
      partialR2: share,
    })
    .nullable(),
});

export const fingerprintStatisticsSchema = z.strictObject({
  sides: pairOf(sideSchema),
  ancestors: z.array(sideSchema),
  controls: z.array(sideSchema),
  structure: z.enum(["same", "different"]),
  /** Estimated Jaccard index of the vocabularies; null where a side has none. */
  tokenizerJaccard: share.nullable(),
  programs: z.strictObject({ original: count, suspect: count, shared: count }),
  /** Null where a side is too small to have one. */
  simhash: z
    .strictObject({
      of: z.enum(["whole", "sampled"]),
      /** Differing bits of 1024; unrelated models differ in about 512. */
      distance: count,
      candidate: z.boolean(),
    })
    .nullable(),
  /** Tensors by the Merkle roots of their bytes; null unless both sides have a full fingerprint. */
  roots: z
    .strictObject({
      /** Tensors that count: not constant, and in no ancestor. */
      counted: pairOf(count),
      shared: pairOf(count),
      /** Left out because a given ancestor holds the same bytes. */
      inAncestors: pairOf(count),
      byGroup: z.array(z.strictObject({ group: groupSchema, original: count, shared: count })),
    })
    .nullable(),
  /** Sketches of whole matrices; null unless both sides have a full fingerprint. */
  sketches: z
    .strictObject({
      pairs: z.array(sketchedPair),
      /** Pairs beyond those listed. */
      more: count,
      medianCosine: z.number().nullable(),
      /** Over the tensors that differ enough from the ancestors. */
      eligible: count,
      medianRho: z.number().nullable(),
      medianAlpha: z.number().nullable(),
    })
    .nullable(),
  /** Quantiles of the row norms; nothing may be concluded from them. */
  rowNorms: z.strictObject({ tensors: count, medianDifference: z.number() }).nullable(),
  embeddings: z.strictObject({ anchors: pairOf(count), cosine }).nullable(),
  /** Windowed matching of projected rows, layer by layer. */
  rows: z
    .strictObject({
      layers: z.array(
        z.strictObject({
          original: z.string(),
          suspect: z.string(),
          layer: count,
          rows: count,
          dropped: pairOf(count),
          matched: count,
          windows: count,
          /** Index of the layer that this one resembles inside one model; it counts once. */
          sameAs: count.nullable(),
        }),
      ),
      pooled: pooledSchema.nullable(),
      controls: z.array(pairOf(pooledSchema.nullable())),
    })
    .nullable(),
  /** Rows of one layer against all rows of the other side, for fixed rows that were permuted away. */
  rowSearch: z
    .strictObject({
      layer: count,
      references: count,
      candidates: count,
      /** Mutually best pairs at |cosine| ≥ 0.6. */
      found: count,
      controls: z.array(z.strictObject({ candidates: count, found: count }).nullable()),
    })
    .nullable(),
});

export type FingerprintStatistics = z.infer<typeof fingerprintStatisticsSchema>;
export type SketchedPair = z.infer<typeof sketchedPair>;
