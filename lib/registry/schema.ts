import { z } from "zod";
import { ownKey } from "@/lib/ledger";

/** Address of a release as people paste it. */
export const addressSchema = z.string().trim().min(1).max(500);

export const captureIdSchema = z.string().regex(/^cap_[0-9a-z]{20}$/);
const modelId = /^mdl_[0-9a-z]{20}$/;
export const modelIdSchema = z.string().regex(modelId);

export const registerModelSchema = z.object({
  captureId: captureIdSchema,
  name: z.string().trim().min(1, "required").max(120, "too-long"),
  statement: z.string().trim().max(4000, "too-long").optional(),
  /** Id of one of the registrant's committed sets of canaries: the one that this model was trained on. */
  canarySet: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{32}$/, "hex-32")
    .optional(),
  ownKey,
  idempotencyKey: z.string().min(8).max(100).optional(),
});
export type RegisterModelInput = z.input<typeof registerModelSchema>;

/** The document is the bytes of the file: judged by the engine (lib/engine/fingerprint), not by this schema. */
export const mostFingerprintBytes = 16 * 1024 * 1024;

/** Weights up to which a full fingerprint is computed here, unless the instance says otherwise. */
export const defaultFingerprintBytes = 20_000_000_000;

export const fingerprintKinds = ["light", "full"] as const;
export type FingerprintKind = (typeof fingerprintKinds)[number];

export const queueFingerprintSchema = z.object({ modelId: modelIdSchema, kind: z.enum(fingerprintKinds) });
export type QueueFingerprintInput = z.input<typeof queueFingerprintSchema>;

export const fingerprintJobIdSchema = z.string().regex(/^fpj_[0-9a-z]{20}$/);
export const cancelFingerprintSchema = z.object({ jobId: fingerprintJobIdSchema });

export const checkpointLabels = ["initial", "early", "step"] as const;
export type CheckpointLabel = (typeof checkpointLabels)[number];

export const addCheckpointSchema = z
  .object({
    modelId: modelIdSchema,
    address: addressSchema,
    label: z.enum(checkpointLabels, "choose"),
    step: z.coerce
      .number("whole-number")
      .int("whole-number")
      .min(0, "whole-number")
      .max(2_000_000_000, "too-many-steps")
      .optional(),
    ownKey,
  })
  .refine(({ label, step }) => (label === "step") === (step !== undefined), {
    path: ["step"],
    message: "step-with-label",
  });
export type AddCheckpointInput = z.input<typeof addCheckpointSchema>;

// Columns of `fingerprint_job`, parsed when read.

export const jobProgressSchema = z
  .object({ phase: z.string(), done: z.number(), total: z.number(), bytesRead: z.number() })
  .nullable();
export const jobFailureSchema = z
  .object({ code: z.string(), detail: z.record(z.string(), z.union([z.string(), z.number()])).default({}) })
  .nullable();

export const withdrawModelSchema = z.object({
  modelId: modelIdSchema,
  reason: z.string().trim().min(1, "required").max(1000, "too-long"),
  ownKey,
});
export type WithdrawModelInput = z.input<typeof withdrawModelSchema>;

/** Why another registration takes the place of this one. */
export const supersedeReasons = ["new-revision", "corrected", "moved"] as const;
export type SupersedeReason = (typeof supersedeReasons)[number];

export const supersedeModelSchema = z.object({
  modelId: modelIdSchema,
  by: z.string().regex(modelId, "choose"),
  reason: z.enum(supersedeReasons, "choose"),
  ownKey,
});
export type SupersedeModelInput = z.input<typeof supersedeModelSchema>;

export const listModelsSchema = z.object({
  q: z.string().trim().max(200).default("").catch(""),
  page: z.coerce.number().int().min(1).max(10_000).default(1).catch(1),
});
export type ListModelsInput = z.input<typeof listModelsSchema>;

// Columns of `capture`, parsed when read.

export const listedFileSchema = z.object({
  path: z.string(),
  size: z.number().nullable(),
  gitOid: z.string().nullable(),
  lfsSha256: z.string().nullable(),
});

export const metadataFileSchema = z.object({ path: z.string(), size: z.number(), sha256: z.string() });
export type MetadataFile = z.infer<typeof metadataFileSchema>;

export const declaredSchema = z.object({
  /** "org/name" as the card writes it, in its order. */
  baseModels: z.array(z.string()),
  /** base_model_relation: "finetune", "quantized", … or null. */
  relation: z.string().nullable(),
});
export type Declared = z.infer<typeof declaredSchema>;

export const tensorSummarySchema = z.object({
  count: z.number(),
  /** null where shapes are unknown (an index without its shards). */
  parameters: z.number().nullable(),
  bytes: z.number().nullable(),
  shards: z.number(),
  source: z.enum(["headers", "index"]),
  /** SHA-256 of the canonical tensor table [[name, dtype, shape], …]; its bytes are in the blob store. */
  table: z.string(),
  /** SHA-256 of the multiset of shapes: blind to names. Null where shapes are unknown. */
  structure: z.string().nullable(),
});
export type TensorSummary = z.infer<typeof tensorSummarySchema>;

/** Trouble met while capturing: a code and its facts. None of it stops a capture. */
export const captureNoteSchema = z.object({
  code: z.enum([
    "bytes-unavailable",
    "file-too-large",
    "total-too-large",
    "too-many-files",
    "unreadable-file",
    "unreadable-headers",
    "no-weights",
    "counters-unavailable",
  ]),
  path: z.string().optional(),
  size: z.number().optional(),
  reason: z.string().optional(),
});
export type CaptureNote = z.infer<typeof captureNoteSchema>;
