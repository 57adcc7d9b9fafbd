import { z } from "zod";
import { canaryResultSchema } from "@/lib/engine/canary/judge";

const answers = z.object({
  id: z.string(),
  name: z.string(),
  authenticity: z.enum(["claimed", "re-run", "two-collectors"]),
  authenticityReasons: z.array(z.string()),
});

export const canaryJudgementSchema = z.object({
  id: z.string(),
  setId: z.string(),
  state: z.enum(["queued", "running", "finished", "failed", "cancelled"]),
  ended: z.boolean(),
  progress: z.object({ phase: z.string() }).nullable(),
  attempts: z.int(),
  failure: z
    .object({ code: z.string(), detail: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  suspect: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  judged: z
    .object({
      /** The judgement that stands: this one, or an earlier one with the same digest. */
      judgementId: z.string(),
      result: canaryResultSchema,
      /** The judge, "canary/judge@version", if that version was recalled: nothing may rest on this judgement. */
      recalled: z.array(z.string()),
      digest: z.string(),
      original: answers,
      suspect: answers,
      references: z.array(answers),
      leftOut: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
      bundle: z.object({ sha256: z.string(), size: z.int(), path: z.string() }),
      build: z.object({ sha256: z.string(), path: z.string() }).nullable(),
      entry: z.int().nullable(),
      reproduce: z.array(z.string()),
    })
    .nullable(),
});
