import { z } from "zod";
import { ledgerKinds, redactionScopes } from "@/lib/ledger";

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
export const entryIndex = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const about = z
  .object({
    kind: z.enum(["model", "case", "run", "canary", "unlisted", "log"]),
    id: z.string().nullable(),
  })
  .describe("The page it belongs to. unlisted: a case that nobody is led to; log: the log itself");

const proof = z
  .object({
    state: z.enum(["waiting", "logged", "redacted"]),
    size: z.int().optional().describe("Size of the checkpoint it is under"),
    witnessed: z.boolean().optional(),
    timestamped: z.boolean().optional(),
  })
  .describe("What vouches for it. waiting: it has its number, but no published checkpoint covers it yet");

/** On what a date of this site's own observation rests. */
export const entryDateSchema = z
  .object({
    index: z.int().nullable().describe("Its entry in the log; null while it waits"),
    basis: z.enum(["our-word", "witnessed", "timestamped"]),
    noLaterThan: instant.nullable().describe("It existed no later than this, by an outside clock"),
  })
  .nullable()
  .describe("On what this date rests; null: it is not on record, and rests on this answer alone");

export const entryRowSchema = z.object({
  index: z.int(),
  kind: z.enum(ledgerKinds),
  about,
  /** The log's own claim. */
  t: instant,
  statement: hex.describe(
    "SHA-256 of the statement's DSSE pre-authentication encoding: its address among the blobs",
  ),
  proof,
});

export const entrySchema = entryRowSchema.extend({
  size: z.int().describe("Entries under the newest published checkpoint"),
  leaf: z.string().describe("The very bytes that are hashed into the tree"),
  leafHash: hex,
  envelope: z
    .object({
      payload: z.string(),
      payloadType: z.string(),
      signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
    })
    .nullable()
    .describe("DSSE envelope of the statement; null once it is redacted"),
  signer: z
    .object({
      role: z.enum(["log", "site", "run", "moderator", "author"]),
      keyId: hex,
      publicKey: z.string().describe("PEM"),
    })
    .nullable(),
  payloads: z.array(z.object({ digest: hex, here: z.boolean() })),
  redaction: z
    .object({
      at: instant,
      reason: z.string(),
      scope: z.enum(redactionScopes),
      tombstone: z
        .int()
        .nullable()
        .describe("Number of the tombstone entry; null while it waits for the log"),
      clean: z.boolean().describe("Copies and caches are clean"),
    })
    .nullable(),
  recalled: z
    .array(z.object({ method: z.string(), version: z.string(), index: z.int().nullable() }))
    .describe(
      "Versions of methods that it states results of and that were recalled, with the recall's entry",
    ),
  since: instant.nullable().describe("When the first checkpoint over it was made"),
  basis: z.enum(["our-word", "witnessed", "timestamped"]).describe("On what its date rests"),
  noLaterThan: instant.nullable().describe("The earliest date over it that others give"),
  witnesses: z.array(z.object({ name: z.string(), size: z.int(), time: instant })),
  timestamps: z.array(z.object({ authority: z.string(), size: z.int(), time: instant })),
});
