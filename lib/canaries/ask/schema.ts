import { z } from "zod";
import { isPlainParameter } from "@/lib/engine/canary/transcript";
import { answerSetIdSchema } from "../schema";

/** Column `canary_ask_job.progress`. Phases: "asking", "waiting" (for the endpoint's next window), "storing". */
export const askProgressSchema = z.object({
  phase: z.enum(["asking", "waiting", "storing"]),
  done: z.int().min(0),
  total: z.int().min(0),
});
export type AskProgress = z.infer<typeof askProgressSchema>;

const label = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
const optional = (schema: z.ZodType<string>) => schema.optional();

/** Column `canary_ask_job.parameters`: everything of the question that is not in a column of its own. */
export const askParametersSchema = z.object({
  /** NAME of the operator's endpoint; null for a public one. */
  operated: z.string().nullable(),
  /** Items are asked that were open by this reveal; null for those of a generator. */
  batch: z.int().nullable(),
  /** Requests that all attempts together may send. */
  budget: z.int().min(1),
  family: z.string().nullable(),
  base: z.string().nullable(),
  vendor: z.string().nullable(),
  corpus: z.string().nullable(),
  /** Answers of somebody else that these confirm: "ans_…". */
  confirms: z.string().nullable().default(null),
  engine: z.string().nullable(),
  engineVersion: z.string().nullable(),
  quantisation: z.string().nullable(),
  /** Members of every request beside model and messages. */
  request: z.record(z.string(), z.json()),
});
export type AskParameters = z.infer<typeof askParametersSchema>;

const requestParameters = z
  .record(z.string().max(64), z.union([z.number(), z.string().max(256), z.boolean()]))
  .refine(
    (parameters) =>
      Object.keys(parameters).every((name) => isPlainParameter({ adapter: "openai-chat", parameters }, name)),
    "not a parameter that leaves the answer to the model",
  )
  .refine((record) => Object.keys(record).length <= 16, "at most 16 parameters");

/** Most requests of one job: their transcript has to fit into one file. */
export const mostCalls = 30_000;

export const queueAskSchema = z.object({
  /** 32 hex digits. */
  setId: z.string().regex(/^[0-9a-f]{32}$/),
  role: z.enum(["original", "suspect", "reference"]),
  /** What the answering model is called. */
  name: label,
  /** NAME of an endpoint of the operator, or the https address of a public one (its base, such as https://host/v1). */
  endpoint: z.string().trim().min(1).max(500),
  /** What the endpoint calls the model. */
  model: label,
  family: optional(label),
  base: optional(label),
  vendor: optional(label),
  corpus: optional(label),
  /** As second collector: the first one's answers. */
  confirms: answerSetIdSchema.optional(),
  releaseId: z
    .string()
    .regex(/^rel_[0-9a-z]{20}$/)
    .optional(),
  /** Digest of the weights that answer: only who speaks for the operator may say so. */
  weights: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  engine: optional(label),
  engineVersion: optional(label),
  quantisation: optional(label),
  parameters: requestParameters.default({ temperature: 0 }),
  budget: z.coerce.number().int().min(1).max(mostCalls).optional(),
  idempotencyKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,100}$/)
    .optional(),
});
export type QueueAskInput = z.input<typeof queueAskSchema>;

export const cancelAskSchema = z.object({ jobId: z.string().regex(/^caj_[0-9a-z]{20}$/) });
