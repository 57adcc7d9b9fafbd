import { z } from "zod";
import { termsSchema } from "@/lib/engine/canary";
import { ownKey } from "@/lib/ledger";

/** Schemas of what comes from outside. Safe for the client. */

const hex = (digits: number) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .regex(new RegExp(`^[0-9a-f]{${digits}}$`), `hex-${digits}`);

export const setIdSchema = hex(32);
export const answerSetIdSchema = z.string().regex(/^ans_[0-9a-z]{20}$/);
export const judgementIdSchema = z.string().regex(/^jdg_[0-9a-z]{20}$/);

export const setKinds = ["random-label", "natural", "generator"] as const;
export const answerRoles = ["original", "suspect", "reference"] as const;
export type AnswerRole = (typeof answerRoles)[number];
/** What an answer is worth (CANARIES.md, "Ask"): only the latter two ever move a finding. */
export const authenticityClasses = ["claimed", "re-run", "two-collectors"] as const;
export type Authenticity = (typeof authenticityClasses)[number];
export const adapters = ["openai-chat", "command", "transcript"] as const;
export type Adapter = (typeof adapters)[number];

/** The name of a namespace as the Hub writes it. */
const namespaceName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][\w.-]{0,95}$/, "not-a-namespace");

/**
 * The public part of a commitment: items and seed never come here. A set without terms may be committed, but nothing
 * that needs a pre-registration can be computed from it.
 */
export const commitSetSchema = z
  .strictObject({
    setId: setIdSchema,
    root: hex(64),
    /** What the author's machine put into every preimage; the account's own when left out. */
    authorKeyId: hex(64).optional(),
    terms: termsSchema.optional(),
    /** Without terms these two have to be told. */
    items: z.int("whole-number").min(1, "at-least-one").max(100_000, "too-many").optional(),
    kind: z.enum(setKinds).optional(),
    /** A namespace that is proved here (namespacesOf); the account itself when left out. */
    namespace: namespaceName.optional(),
    /** The author signs the statement with a key of their own; the log waits for it a while. */
    ownKey,
  })
  .refine(({ terms, items, kind }) => terms !== undefined || (items !== undefined && kind !== undefined), {
    path: ["items"],
    message: "required",
  })
  .refine(({ terms, items }) => terms === undefined || items === undefined || items === terms.items, {
    path: ["items"],
    message: "not-as-in-terms",
  })
  .refine(({ terms, kind }) => terms === undefined || kind === undefined || kind === terms.kind, {
    path: ["kind"],
    message: "not-as-in-terms",
  });
export type CommitSetInput = z.input<typeof commitSetSchema>;

export const linkSetSchema = z.strictObject({
  setId: setIdSchema,
  modelId: z.string().regex(/^mdl_[0-9a-z]{20}$/),
});
export type LinkSetInput = z.input<typeof linkSetSchema>;

/** Most bytes of a file of answers, of a transcript, and of one reveal. */
export const mostAnswerBytes = 16 * 1024 * 1024;
export const mostTranscriptBytes = 64 * 1024 * 1024;
export const mostOpeningBytes = 32 * 1024 * 1024;
/** Openings of one reveal: a larger set is revealed in several. */
export const mostOpenings = 10_000;

const words = z.string().trim().min(1, "required").max(200, "too-long");

/** Everything about answers but the files themselves. */
export const recordAnswersSchema = z.strictObject({
  setId: setIdSchema,
  role: z.enum(answerRoles, "choose"),
  /** What the answering model is called. */
  name: words,
  /** "hf:org/name@commit" of a release that was captured here. */
  release: z
    .string()
    .trim()
    .regex(/^(hf|github):[\w.-]{1,100}\/[\w.-]{1,100}@[0-9a-f]{40}$/, "not-a-release")
    .optional(),
  weights: hex(64).optional(),
  adapter: z.enum(adapters).default("transcript"),
  /** Root over the lines of the transcript; its bytes may come with it or later (addTranscript). */
  transcriptRoot: hex(64).optional(),
  calls: z.int().min(0).max(10_000_000).default(0),
  /** Of references: models of one family count once. */
  family: words.optional(),
  base: words.optional(),
  vendor: words.optional(),
  corpus: words.optional(),
  /** As second collector: the first one's answers. */
  confirms: answerSetIdSchema.optional(),
  /** Whoever registers them signs the statement with a key of their own; the log waits for it a while. */
  ownKey,
});
export type RecordAnswersInput = z.input<typeof recordAnswersSchema>;

export const listSetsSchema = z.object({
  /** "open": unrevealed and not overdue; "revealed"; "failed": unrevealed after the deadline. */
  state: z.enum(["open", "revealed", "failed"]).optional().catch(undefined),
  /** One account's sets. */
  owner: z
    .string()
    .regex(/^usr_[0-9a-z]{20}$/)
    .optional()
    .catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).default(1).catch(1),
});
export type ListSetsInput = z.input<typeof listSetsSchema>;

// JSON columns, parsed when read.

export const nonceSourceSchema = z.union([
  z.object({
    kind: z.literal("drand"),
    chain: z.string(),
    round: z.number(),
    /** Hex: the nonce is its SHA-256. */
    signature: z.string(),
    /** Of a chained beacon. */
    previousSignature: z.string().nullable().default(null),
  }),
  z.object({
    kind: z.literal("log-checkpoint"),
    origin: z.string(),
    size: z.number(),
    grindBits: z.number(),
  }),
]);
export type NonceSource = z.infer<typeof nonceSourceSchema>;
export const nonceFailureSchema = z.object({ code: z.string(), at: z.string() }).nullable();
