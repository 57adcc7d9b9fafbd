import { z } from "zod";
import { methodSchema, runIdSchema } from "@/lib/verification";
import { entryDateSchema } from "./entries";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
export const time = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.iso.datetime());
const state = z.enum(["queued", "running", "finished", "failed", "cancelled"]);

export const runProgressSchema = z.object({
  id: runIdSchema,
  state,
  ended: z.boolean(),
  progress: z
    .object({ phase: z.string(), done: z.number(), total: z.number(), bytesRead: z.number() })
    .nullable(),
  attempts: z.int(),
  cancelRequested: z.boolean(),
  failure: z
    .object({ code: z.string(), detail: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  digest: digest.nullable(),
  waitingBefore: z.int().nullable(),
});

/** Statements of accounts; nobody here has watched them run. */
export const reproductionsSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      by: z.string().nullable(),
      computed: digest,
      same: z.boolean(),
      from: z.enum(["repositories", "capsule"]),
      build: sha256.nullable(),
      interest: z.string(),
      independent: z.boolean(),
      createdAt: time,
      /** Its number in the log; null while it waits. */
      entry: z.int().nullable(),
    }),
  ),
});

export const runSchema = runProgressSchema.extend({
  kind: z.enum(["case", "check"]),
  case: z.object({ publicId: z.string(), state: z.string() }).nullable(),
  claim: z.object({ number: z.int(), kind: z.string(), method: z.string() }).nullable(),
  check: z.object({ id: z.string(), expiresAt: time }).nullable(),
  parameters: z.object({
    methods: z.array(methodSchema),
    nonce: z.string(),
    screened: z.int(),
    level: z.literal(1),
  }),
  inputs: z.array(
    z.object({
      role: z.enum(["original", "suspect", "ancestor", "control"]),
      position: z.int(),
      /** "initialisation": a registered checkpoint that was put among the ancestors of this run. */
      kind: z.enum(["initialisation"]).nullable(),
      source: z.enum(["hf", "github"]),
      repository: z.string(),
      commit: z.string(),
      spec: z.string(),
    }),
  ),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  rerunOf: z.string().nullable(),
  reruns: z.array(z.object({ id: z.string(), state, digest: digest.nullable() })),
  result: z
    .object({
      digest,
      /** Methods in it, "id@version", whose version was recalled: nothing may rest on this result. */
      recalled: z.array(z.string()),
      dates: z
        .object({ original: entryDateSchema, suspect: entryDateSchema })
        .describe("Of the dates in summary.dates of the document"),
      path: z.string(),
      capsule: z.object({ sha256, size: z.int(), path: z.string() }),
      build: z.object({ sha256, path: z.string() }),
      createdAt: time,
      reproduce: z.object({
        fetchEngine: z.string(),
        fromRepositories: z.string(),
        fromCapsule: z.string(),
        inClone: z.string(),
      }),
    })
    .nullable(),
  /** Why there is no result any more. */
  redaction: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
});
