import { z } from "zod";

/** Column `failure` of the jobs of canaries. */
export const jobFailureSchema = z.object({
  code: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
