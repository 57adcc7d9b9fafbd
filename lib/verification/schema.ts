import { z } from "zod";
import { canaryJudgeAbout } from "@/lib/engine/canary/judge/about";
import type { MethodId } from "@/lib/engine/methods/method";
import { recallReasons } from "./recall-reasons";

/** Methods a run can be asked for, in the order in which results show them. */
export const methodIds = [
  "identity",
  "architecture",
  "tokenizer",
  "weights/aligned",
  "weights/independence",
  "weights/invariant",
  "weights/full",
  "weights/fingerprint",
  "code",
  "lineage",
] as const satisfies readonly MethodId[];
export const methodSchema = z.enum(methodIds);
export type RunMethod = z.infer<typeof methodSchema>;

/** How much is read: 1 aligned samples, 2 independence tests too, 3 every byte. */
const levelSchema = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type RunLevel = z.infer<typeof levelSchema>;

/** Column `run.parameters`: what the engine gets. Part of the digest. */
export const runParametersSchema = z.strictObject({
  methods: z.array(methodSchema).min(1),
  nonce: z.string().regex(/^(?:[0-9a-f]{2})*$/),
  screened: z.int().min(1),
  level: levelSchema,
});
export type RunParameters = z.infer<typeof runParametersSchema>;

/** Column `run.progress`. */
export const runProgressSchema = z.object({
  phase: z.string(),
  done: z.number(),
  total: z.number(),
  bytesRead: z.number(),
});
export type Progress = z.infer<typeof runProgressSchema>;

/** Column `run.failure`: a closed code of the engine or of the worker, with facts for the translated sentence. */
export const runFailureSchema = z.object({
  code: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type RunFailure = z.infer<typeof runFailureSchema>;

const idempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,100}$/)
  .optional();

export const queueRunSchema = z.object({
  /** Internal id (cse_…) or public id (SLP-2026-0001). */
  caseId: z.string().min(1).max(60),
  claimId: z.string().max(60).nullish(),
  methods: z.array(methodSchema).min(1).optional(),
  /** Registered checkpoints of the case's models that stand among the ancestors of this run. */
  checkpoints: z
    .array(z.string().regex(/^ckp_[0-9a-z]{20}$/))
    .max(8)
    .default([]),
  level: levelSchema.default(2).describe("1 aligned samples, 2 independence tests too, 3 every byte."),
  idempotencyKey,
});
export type QueueRunInput = z.input<typeof queueRunSchema>;

export const recallMethodInput = z.object({
  method: z.enum([...methodIds, canaryJudgeAbout.id]),
  version: z.string().regex(/^[0-9a-z.-]{1,20}$/, "required"),
  reasonCode: z.enum(recallReasons, "required"),
  /** Published with the recall, in the moderator's own words. */
  note: z.string().trim().max(2000).default(""),
});
export type RecallMethodInput = z.input<typeof recallMethodInput>;

const address = z.string().trim().min(1).max(500);

export const startCheckSchema = z.object({
  original: address.describe(
    "Address of a release: hf:org/name@revision, github:org/name@revision, or a page address.",
  ),
  suspect: address.describe("The release to put beside it."),
  idempotencyKey,
});
export type StartCheckInput = z.input<typeof startCheckSchema>;

export const runIdSchema = z.string().regex(/^run_[0-9a-z]{20}$/);
export const checkIdSchema = z.string().regex(/^chk_[0-9a-z]{20}$/);

export const runRoles = ["original", "suspect", "ancestor", "control"] as const;
export type RunRole = (typeof runRoles)[number];
