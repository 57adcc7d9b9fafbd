import { z } from "zod";
import type { Json } from "../methods/method";

/** The result document `slipmark.result/v1`. One schema for writing, reading and publishing (docs/schemas). */

const hex40 = z.string().regex(/^[0-9a-f]{40}$/);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const bytes = z.int().min(0);

export const jsonSchema: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(jsonSchema),
    z.record(z.string(), jsonSchema),
  ]),
);

export const bilingualSchema = z.strictObject({ en: z.string(), zh: z.string() });

export const reasonSchema = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]+$/),
  facts: z.record(z.string(), jsonSchema),
});

export const listedFileSchema = z.strictObject({
  path: z.string(),
  size: bytes.nullable(),
  gitOid: hex40.nullable(),
  lfsSha256: hex64.nullable(),
});

export const inputReleaseSchema = z.strictObject({
  kind: z.enum(["hf", "github", "folder", "fingerprint"]),
  repository: z.string().nullable(),
  commit: hex40.nullable(),
  files: z.array(listedFileSchema),
  /** Path of a local folder or fingerprint as the command line was given it, so that `reproduce` finds it. Not in the digest. */
  folder: z.string().optional(),
});

export const recordedRangeSchema = z.strictObject({
  role: z.enum(["original", "suspect", "ancestor", "control"]),
  position: z.int().min(0),
  path: z.string(),
  start: bytes,
  end: bytes,
  sha256: hex64.nullable(),
});

/** A file that was read whole (level 3): one Merkle root over its leaves in place of ranges, and no bytes in the capsule. */
export const recordedFullReadSchema = z.strictObject({
  role: recordedRangeSchema.shape.role,
  position: z.int().min(0),
  path: z.string(),
  bytes,
  leaves: z.int().min(0),
  root: hex64,
});

export const compareParametersSchema = z.strictObject({
  methods: z
    .array(z.string().regex(/^[a-z0-9]+(?:[/-][a-z0-9]+)*$/))
    .min(1)
    .max(32),
  nonce: z.string().regex(/^(?:[0-9a-f]{2}){0,64}$/),
  screened: z.int().min(1),
  level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  /** Stated by whoever asks: the given ancestors are all that are older than the original in its family. */
  ancestorsClosed: z.literal(true).optional(),
});

export const methodKindSchema = z.enum(["exact", "calibrated", "descriptive"]);

export const methodResultSchema = z.strictObject({
  method: z.string(),
  version: z.string(),
  kind: methodKindSchema,
  null: z.string().nullable(),
  statistics: z.record(z.string(), jsonSchema),
  pValueLog10: z.number().nullable(),
  threshold: z.number().nullable(),
  falseFlags: z.strictObject({ observed: z.int().min(0), of: z.int().min(0) }).nullable(),
  says: z.string(),
  reasons: z.array(reasonSchema),
  explanation: bilingualSchema,
});

export const relationSchema = z.enum([
  "identical",
  "derived",
  "related",
  "shared-ancestry",
  "independent",
  "inconclusive",
  "incomparable",
]);

export const transformationSchema = z.enum([
  "renamed",
  "reordered",
  "resharded",
  "recast",
  "noise",
  "quantised",
  "pruned",
  "fine-tuned",
  "low-rank",
  "merged",
  "layers-dropped",
  "layers-repeated",
  "vocabulary-changed",
  "permuted",
  "rotated",
  "rescaled",
]);

export const groupSchema = z.enum([
  "language-model",
  "vision-tower",
  "projector",
  "embeddings",
  "head",
  "other",
]);

export const summarySchema = z.strictObject({
  relation: relationSchema,
  notIndependent: z.boolean().nullable(),
  closest: z.enum(["original", "ancestor", "neither", "unknown"]),
  cannotExclude: z.array(z.enum(["shared-base", "same-data-and-recipe", "same-seed"])),
  groups: z.array(z.strictObject({ group: groupSchema, tensors: z.int().min(0), relation: relationSchema })),
  transformations: z.array(transformationSchema),
  noiseSigma: z.number().nullable(),
  alpha: z.strictObject({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
  renameMap: z.record(z.string(), z.string()),
  reasons: z.array(reasonSchema),
  /** Sentences made from the reasons. Not part of the digest. */
  text: bilingualSchema,
  /** Earliest observed date of each side with its source; null from the engine, which knows no clock. Not in the digest. */
  dates: z
    .strictObject({
      original: z.strictObject({ at: z.string(), source: z.string() }).nullable(),
      suspect: z.strictObject({ at: z.string(), source: z.string() }).nullable(),
    })
    .nullable(),
});

const bytesBySide = z.strictObject({ original: bytes, suspect: bytes });

export const resultDocumentSchema = z.strictObject({
  schema: z.literal("slipmark.result/v1"),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** SHA-256 of the engine bundle that made this document; null when run from source. Not in the digest. */
  build: hex64.nullable(),
  inputs: z.strictObject({
    original: inputReleaseSchema,
    suspect: inputReleaseSchema,
    ancestors: z.array(inputReleaseSchema),
    controls: z.array(inputReleaseSchema),
  }),
  parameters: compareParametersSchema,
  ranges: z.array(recordedRangeSchema),
  /** Only where a method read every byte. Sorted by role, position, path. */
  fullReads: z.array(recordedFullReadSchema).optional(),
  bytesRead: bytesBySide,
  bytesTotal: bytesBySide,
  methods: z.array(methodResultSchema),
  summary: summarySchema,
});

/** A result before its digest is known. */
export const undigestedSchema = resultDocumentSchema.omit({ digest: true });

export type ResultDocument = z.infer<typeof resultDocumentSchema>;
export type MethodResult = z.infer<typeof methodResultSchema>;
export type ResultSummary = z.infer<typeof summarySchema>;
export type InputRelease = z.infer<typeof inputReleaseSchema>;
export type CompareParameters = z.infer<typeof compareParametersSchema>;
export type Relation = z.infer<typeof relationSchema>;
export type Transformation = z.infer<typeof transformationSchema>;
export type TensorGroup = z.infer<typeof groupSchema>;
