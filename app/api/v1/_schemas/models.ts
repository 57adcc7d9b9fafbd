import { z } from "zod";
import { supersedeReasons } from "@/lib/registry";
import { entryDateSchema } from "./entries";
import { checkpointSchema, fingerprintJobSchema, weightFingerprintSchema } from "./fingerprints";
import { time } from "./runs";

const release = z.object({
  id: z.string(),
  source: z.enum(["hf", "github"]),
  repository: z.string(),
  commit: z.string(),
  spec: z.string(),
});

export const modelRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  release,
  licence: z.string().nullable(),
  parameters: z.number().nullable(),
  registrant: z.string().nullable(),
  state: z.enum(["registered", "withdrawn"]),
  example: z.boolean(),
  createdAt: time,
});

const captureSchema = z.object({
  id: z.string(),
  observedAt: time,
  date: entryDateSchema,
  licence: z.string().nullable(),
  declared: z.object({ baseModels: z.array(z.string()), relation: z.string().nullable() }),
  likes: z.int().nullable(),
  downloads: z.int().nullable(),
  files: z.array(
    z.object({
      path: z.string(),
      size: z.number().nullable(),
      gitOid: z.string().nullable(),
      lfsSha256: z.string().nullable(),
    }),
  ),
  metadata: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
  notes: z.array(z.object({ code: z.string() })),
});

const casesSchema = z.array(
  z.object({
    publicId: z.string(),
    state: z.string(),
    finding: z.string(),
    role: z.string(),
    openedAt: time.nullable(),
  }),
);

export const releaseSchema = release.extend({
  /** What we saw, each time something public rests on it. */
  captures: z.array(captureSchema),
  models: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.enum(["registered", "withdrawn"]),
      createdAt: time,
    }),
  ),
  cases: casesSchema,
});

export const modelSchema = modelRowSchema.extend({
  /** Name and statement were taken away, when and on what ground. */
  redaction: z.object({ at: time, reason: z.string() }).nullable(),
  statement: z.string().nullable(),
  withdrawnAt: time.nullable(),
  withdrawReason: z.string().nullable(),
  /** The registration of the same person that took its place; both stay. */
  supersededBy: z
    .object({ id: z.string(), name: z.string(), at: time, reason: z.enum(supersedeReasons) })
    .nullable(),
  supersedes: z.array(z.object({ id: z.string(), name: z.string(), at: time })),
  capture: captureSchema,
  fingerprints: z.array(
    z.object({ schema: z.string(), digest: z.string(), document: z.string(), createdAt: time }),
  ),
  /** Fingerprints of the weights; the one above is of the metadata. */
  weightFingerprints: z.array(weightFingerprintSchema),
  fingerprintJobs: z.array(fingerprintJobSchema),
  checkpoints: z.array(checkpointSchema),
  commitments: z.array(
    z.object({ setId: z.string(), root: z.string(), items: z.int(), kind: z.string(), createdAt: time }),
  ),
  cases: casesSchema,
});
