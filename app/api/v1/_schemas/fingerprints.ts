import { z } from "zod";
import { entryDateSchema } from "./entries";
import { time } from "./runs";

export const weightFingerprintSchema = z.object({
  id: z.string(),
  /** "slipmark.fingerprint/v1" or "slipmark.fingerprint-light/v1" */
  schema: z.string(),
  /** 64 hex digits: SHA-256 of the canonical document without digest and signature. */
  digest: z.string(),
  /** computed: by this instance, from the registered release; author: made elsewhere and only claimed. */
  origin: z.enum(["computed", "author"]),
  /** SHA-256 of the file. */
  file: z.string(),
  size: z.int(),
  tensors: z.int(),
  commit: z.string().nullable(),
  /** Id of the key that signed it; whose key it is, nobody has checked. */
  signedBy: z.string().nullable(),
  /** Engine build that computed it here. */
  build: z.string().nullable(),
  createdAt: time,
});

export const fingerprintRowSchema = weightFingerprintSchema.extend({
  model: z.object({ id: z.string(), name: z.string(), state: z.enum(["registered", "withdrawn"]) }),
});

export const fingerprintJobSchema = z.object({
  id: z.string(),
  kind: z.enum(["light", "full"]),
  state: z.enum(["queued", "running", "finished", "failed", "cancelled"]),
  progress: z
    .object({ phase: z.string(), done: z.number(), total: z.number(), bytesRead: z.number() })
    .nullable(),
  failure: z.object({ code: z.string() }).nullable(),
  createdAt: time,
  finishedAt: time.nullable(),
});

export const checkpointSchema = z.object({
  id: z.string(),
  release: z.object({
    id: z.string(),
    source: z.enum(["hf", "github"]),
    repository: z.string(),
    commit: z.string(),
    spec: z.string(),
  }),
  label: z.enum(["initial", "early", "step"]),
  step: z.int().nullable(),
  observedAt: time,
  date: entryDateSchema,
  createdAt: time,
});
