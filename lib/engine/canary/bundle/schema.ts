import { z } from "zod";
import { authenticities } from "../judge/input";
import { limits } from "../limits";
import { openingSchema } from "../opening";

export const bundleSchemaName = "slipmark.canary-bundle/v1";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const code = z.string().regex(/^[a-z0-9][a-z0-9:-]{0,99}$/);
const words = z.string().min(1).max(256);
const origin = z.strictObject({ base: words.optional(), vendor: words.optional(), corpus: words.optional() });

/** Answers of one model as they were registered. */
const answerSet = z.strictObject({
  /** Id under which the ledger knows them; null where there is none. */
  id: z
    .string()
    .regex(/^ans_[0-9a-z]{4,40}$/)
    .nullable(),
  name: words,
  family: words.nullable(),
  origin,
  weights: hash.nullable(),
  authenticity: z.enum(authenticities),
  /** Why it is of that class. */
  authenticityReasons: z.array(code),
  transcript: z.strictObject({ root: hash, calls: z.int().min(0) }).nullable(),
  /** The answer file: JSON Lines. */
  answers: z.string(),
  /** With its salt the payload formula gives what the log states of the answers. Null where nothing is logged. */
  logged: z.strictObject({ salt: hash, sha256: hash }).nullable(),
});

const referenceSet = answerSet.extend({
  /** What shows that references are related: "base:…", "vendor:…", "weights:…"; equal strings join families. */
  kin: z.array(z.string().min(1).max(300)).max(200),
  /** Registered before the first reveal; of a generator set, its weights pinned before the draw. */
  beforeReveal: z.boolean(),
});

/**
 * Everything that a judgement follows from, as one file. Nothing in it has to be believed but what stands in the log:
 * openings, nonce, targets and digests of answers are checked and drawn again when it is read.
 */
export const bundleSchema = z.strictObject({
  schema: z.literal(bundleSchemaName),
  set: z.strictObject({
    setId: z.string().regex(/^[0-9a-f]{32}$/),
    root: hash,
    authorKeyId: hash.nullable(),
    size: z.int().min(1).max(limits.items),
  }),
  /** slipmark.canary-terms/v1 as it was committed. */
  terms: z.json(),
  /** What the nonce was computed from. */
  beacon: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("drand"),
        round: z.int().min(1),
        signature: z.string().regex(/^(?:[0-9a-f]{2})+$/),
        previousSignature: z
          .string()
          .regex(/^(?:[0-9a-f]{2})+$/)
          .nullable(),
      }),
      z.strictObject({ kind: z.literal("log-checkpoint"), size: z.int().min(1), root: hash }),
    ])
    .nullable(),
  /** Openings of the revealed items without their images, in their order; a generator set has none. */
  openings: z.array(openingSchema.omit({ image: true })).max(limits.items),
  original: answerSet,
  suspect: answerSet,
  references: z.array(referenceSet).max(limits.references),
  /** Registered references that were not given to the judge, and why. */
  leftOut: z.array(z.strictObject({ id: z.string(), name: words, reason: code })),
  declaredShared: origin.nullable(),
  order: z.strictObject({ ok: z.boolean().nullable(), withheld: z.array(code) }),
  setsOfNamespace: z.int().min(1),
  pairsTried: z.array(z.strictObject({ name: words, log10p: z.number().max(0) })),
  /** What the ledger says came out; null in a bundle that nobody has judged. */
  result: z.strictObject({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }).nullable(),
});
export type CanaryBundle = z.infer<typeof bundleSchema>;
export type BundledAnswers = z.infer<typeof answerSet>;
export type BundledReference = z.infer<typeof referenceSet>;
