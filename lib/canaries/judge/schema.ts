import { z } from "zod";

/** Column `canary_judge_job.progress`. */
export const judgeProgressSchema = z.object({ phase: z.enum(["collecting", "judging", "storing"]) });
export type JudgeProgress = z.infer<typeof judgeProgressSchema>;

export const queueJudgeSchema = z.object({
  /** 32 hex digits. */
  setId: z.string().regex(/^[0-9a-f]{32}$/),
  /** The suspect's answers. References are not chosen: all that are registered take part. */
  suspect: z.string().regex(/^ans_[0-9a-z]{20}$/),
  idempotencyKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,100}$/)
    .optional(),
});
export type QueueJudgeInput = z.input<typeof queueJudgeSchema>;
