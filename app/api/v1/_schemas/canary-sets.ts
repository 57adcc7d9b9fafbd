import { z } from "zod";
import { authenticityClasses } from "@/lib/canaries";
import { termsSchema } from "@/lib/engine/canary";
import { time } from "./runs";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const setId = z.string().regex(/^[0-9a-f]{32}$/);

export const canarySetRowSchema = z.object({
  id: z.string(),
  setId,
  /** RFC 6962 root over the items' hashes; of a generator set the SHA-256 of its program. */
  root: sha256,
  items: z.int(),
  kind: z.enum(["random-label", "natural", "generator"]),
  /** failed: the deadline passed with items unrevealed, which count as failed for ever. */
  state: z.enum(["committed", "partly-revealed", "revealed", "failed"]),
  revealed: z.int(),
  /** Public name of the account that committed to it. */
  owner: z.string().nullable(),
  namespace: z.object({ kind: z.enum(["huggingface", "account"]), name: z.string().nullable() }),
  model: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The pre-registered statistic and threshold; null without terms. */
  primary: z.enum(["secret", "robust", "rank"]).nullable(),
  threshold: z.string().nullable(),
  revealBy: time.nullable(),
  example: z.boolean(),
  createdAt: time,
});

export const answerSetSchema = z.object({
  id: z.string(),
  setId,
  role: z.enum(["original", "suspect", "reference"]),
  name: z.string(),
  family: z.string().nullable(),
  base: z.string().nullable(),
  vendor: z.string().nullable(),
  corpus: z.string().nullable(),
  /** "hf:org/name@commit" */
  release: z.string().nullable(),
  weights: sha256.nullable(),
  /** What the answers are worth as of now, as a judgement would take them, and why: codes. */
  authenticity: z.enum(authenticityClasses),
  authenticityReasons: z.array(z.string()),
  /** What was known when they were registered: the class that their entry in the log states. */
  registeredAs: z.enum(authenticityClasses),
  adapter: z.string(),
  calls: z.int(),
  /** Its root stands in the log; `blob` is where it can be fetched, once it may be read. */
  transcript: z.object({ root: sha256, blob: sha256.nullable(), size: z.int().nullable() }).nullable(),
  /** The payload formula over a salt and the answers, as the log states it. */
  answersSha256: sha256,
  /** Its salt, once the answers may be read: SHA-256("slipmark/payload/v1\n" ‖ salt ‖ u64be(length) ‖ bytes). */
  answersSalt: sha256.nullable(),
  lines: z.int(),
  answered: z.int(),
  /** held: registered, and unread until the items are revealed. */
  status: z.enum(["held", "logged"]),
  collector: z.object({ site: z.boolean(), name: z.string().nullable() }),
  confirms: z.string().nullable(),
  entry: z.int().nullable(),
  createdAt: time,
});

export const chainStepSchema = z.object({
  id: z.enum(["commit", "nonce", "original", "observed", "answers", "reveal"]),
  index: z.int().nullable(),
  at: z.string().nullable(),
  /** Proved to be later than the step before it. */
  ok: z.boolean(),
  reason: z.string(),
  basis: z.enum(["our-word", "witnessed", "timestamped"]).nullable(),
});

const nonceSchema = z.union([
  z.object({ state: z.literal("none") }),
  z.object({ state: z.literal("waiting"), dueAt: time.nullable(), failure: z.string().nullable() }),
  z.object({
    state: z.literal("known"),
    nonce: sha256,
    /** What it was computed from: a round of drand with its signature, or a tree of this log. */
    source: z.union([
      z.object({
        kind: z.literal("drand"),
        chain: z.string(),
        round: z.int(),
        signature: z.string(),
        previousSignature: z.string().nullable(),
      }),
      z.object({
        kind: z.literal("log-checkpoint"),
        origin: z.string(),
        size: z.int(),
        grindBits: z.int(),
      }),
    ]),
    at: time,
  }),
]);

export const canarySetSchema = canarySetRowSchema.extend({
  authorKeyId: sha256.nullable(),
  terms: termsSchema.nullable(),
  nonce: nonceSchema,
  /** Sets of the same namespace or account committed no later, itself included. */
  setsOfNamespace: z.int(),
  answers: z.array(answerSetSchema),
  /** References as a judgement counts them: independent families with a usable member. */
  panel: z.object({
    registered: z.int(),
    families: z.int(),
    needed: z.int(),
    /** Names in the terms that no answers count for yet. */
    unasked: z.array(z.string()),
    leftOut: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
  }),
  /** Commit, nonce, original; of a suspect's answers: /canary-sets/{setId}/order/{answers}. */
  chain: z.array(chainStepSchema),
  redaction: z.object({ at: time, reason: z.string() }).nullable(),
});

export const revealedItemSchema = z.object({
  index: z.int(),
  itemId: z.string(),
  opening: z.object({
    index: z.int(),
    salt: sha256,
    targetKey: sha256,
    /** The item's canonical JSON, as it was committed. */
    item: z.string(),
    path: z.array(sha256),
    size: z.int(),
  }),
  /** SHA-256 of its image among the blobs. */
  image: sha256.nullable(),
  /** Position of the drawn target among the options. */
  target: z.int().nullable(),
  batch: z.int(),
  revealedAt: time,
});

export const drawnItemSchema = z.object({
  index: z.int(),
  /** The code point: "U+4E00". */
  id: z.string(),
  answer: z.string(),
  /** The picture it was rendered to, once it is here; its bytes stand under the SHA-256 among the blobs. */
  image: z.object({ sha256, type: z.string(), size: z.int() }).nullable(),
});
