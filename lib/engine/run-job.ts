import { z } from "zod";
import { compareParametersSchema } from "./result/document";

/**
 * The messages between a worker and the child process that runs one job (`slipmark run-job`, an IPC channel, an empty
 * environment). Both sides parse what they get: the child has read strangers' files.
 */

// A run's sources are remote and pinned: a job never reaches into the worker's own folders.
const pinnedSourceSchema = z.strictObject({
  kind: z.enum(["hf", "github"]),
  repository: z.string().regex(/^[A-Za-z0-9_][\w.-]*\/[A-Za-z0-9_][\w.-]*$/),
  revision: z.string().regex(/^[0-9a-f]{40}$/),
});

const endpointSchema = z.strictObject({ endpoint: z.url(), token: z.string().nullable() });

const surroundings = {
  sources: z.strictObject({ hf: endpointSchema, github: endpointSchema }),
  cacheFolder: z.string().nullable(),
  /** How much the cache may hold; the engine's default when left out. */
  cacheBytes: z.int().min(0).optional(),
  /** SHA-256 of the bundle that the parent started. */
  build: z.string().regex(/^[0-9a-f]{64}$/),
};

export const runJobSchema = z.strictObject({
  inputs: z.strictObject({
    original: pinnedSourceSchema,
    suspect: pinnedSourceSchema,
    ancestors: z.array(pinnedSourceSchema),
    controls: z.array(pinnedSourceSchema),
  }),
  parameters: compareParametersSchema,
  capsulePath: z.string().min(1),
  /** Where a full read keeps what it has done, so that the next attempt goes on. */
  leafFolder: z.string().min(1).optional(),
  ...surroundings,
});

/** A fingerprint of one release: the same child, the same limits and permits. */
export const fingerprintJobSchema = z.strictObject({
  fingerprint: z.strictObject({
    source: pinnedSourceSchema,
    kind: z.enum(["light", "full"]),
    /** Weights larger than this are not read here. */
    mostBytes: z.int().min(1),
  }),
  /** Where a full one keeps what it has read, so that the next attempt goes on. */
  leafFolder: z.string().min(1).nullable(),
  ...surroundings,
});

export const parentMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("start"), job: z.union([runJobSchema, fingerprintJobSchema]) }),
  z.strictObject({ type: z.literal("permit"), id: z.int() }),
  z.strictObject({ type: z.literal("cancel") }),
]);

const rateFactsSchema = z.strictObject({
  limit: z.number().optional(),
  remaining: z.number().optional(),
  reset: z.number().optional(),
  retryAfter: z.number().optional(),
});

export const childMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("progress"),
    phase: z.string(),
    done: z.number().min(0),
    total: z.int().min(0),
    bytesRead: z.int().min(0),
  }),
  z.strictObject({ type: z.literal("permit?"), id: z.int(), host: z.string() }),
  z.strictObject({ type: z.literal("observed"), host: z.string(), headers: rateFactsSchema }),
  z.strictObject({ type: z.literal("done"), document: z.string(), digest: z.string() }),
  z.strictObject({
    type: z.literal("failed"),
    code: z.string(),
    message: z.string(),
    detail: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
]);

export type RunJob = z.infer<typeof runJobSchema>;
export type FingerprintJob = z.infer<typeof fingerprintJobSchema>;
export type ParentMessage = z.infer<typeof parentMessageSchema>;
export type ChildMessage = z.infer<typeof childMessageSchema>;
