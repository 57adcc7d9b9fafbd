import { z } from "zod";

import { groupSchema } from "../../result/document";

/** Statistics of lineage@2. */

export const cardSchema = z.strictObject({
  state: z.enum(["read", "missing", "unavailable"]),
  path: z.string().nullable(),
  frontMatter: z.enum(["read", "none", "malformed"]).nullable(),
  baseModels: z.array(z.string()),
  relation: z.string().nullable(),
  licences: z.array(z.string()),
  licenceName: z.string().nullable(),
  datasets: z.array(z.string()),
  tags: z.array(z.string()),
  /** Whether base_model lists the other side's repository; null = cannot be known. */
  declaresOther: z.boolean().nullable(),
  /** How the card's text names the other side: its full "org/name", or its name alone; null = not, or not known. */
  mentionsOther: z.enum(["repository", "name"]).nullable(),
});

const count = z.int().min(0);

export const claimCheckSchema = z.strictObject({
  side: z.enum(["original", "suspect"]),
  /** Position among the given ancestors. */
  ancestor: count,
  /** Whether that side's card declares the ancestor's repository as a base; null = cannot be known. */
  declared: z.boolean().nullable(),
  groups: z.array(
    z.strictObject({
      group: groupSchema,
      /** Paired tensors that were read and hold something. */
      tensors: count,
      /** Those whose sampled values all equal the ancestor's, on the coarser of both formats. */
      equal: count,
      medianCosine: z.number(),
    }),
  ),
});

export const lineageStatisticsSchema = z.strictObject({
  original: cardSchema,
  suspect: cardSchema,
  /** Base models that both cards declare, lower-case. */
  sharedBases: z.array(z.string()),
  /** A side's tensors held against a given ancestor's, group by group: what a declared base can be checked by. */
  claims: z.array(claimCheckSchema),
});

export type LineageStatistics = z.infer<typeof lineageStatisticsSchema>;
export type CardStatistics = z.infer<typeof cardSchema>;
export type ClaimCheck = z.infer<typeof claimCheckSchema>;
