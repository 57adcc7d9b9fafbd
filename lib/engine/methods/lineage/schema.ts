import { z } from "zod";

/** Statistics of lineage@1. */

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

export const lineageStatisticsSchema = z.strictObject({
  original: cardSchema,
  suspect: cardSchema,
  /** Base models that both cards declare, lower-case. */
  sharedBases: z.array(z.string()),
});

export type LineageStatistics = z.infer<typeof lineageStatisticsSchema>;
export type CardStatistics = z.infer<typeof cardSchema>;
