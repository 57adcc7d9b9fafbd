import { z } from "zod";
import { ledgerKinds } from "@/lib/ledger";
import { entryBundle, entryPage, listEntries, vouchersOf } from "@/lib/ledger/server";
import { env } from "@/lib/platform/env";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { entryIndex, entryRowSchema, entrySchema } from "../_schemas/entries";
import { listOf } from "../_schemas/query";

export const getEntries = defineEndpoint({
  method: "GET",
  path: "/entries",
  id: "listEntries",
  summary: "Entries of the log under its newest published checkpoint. Whole tiles of them: /log/tile/entries",
  query: z.object({
    kind: z.enum(ledgerKinds).optional(),
    about: z
      .string()
      .regex(/^(model|case|run|canary):[\w-]{1,60}$/)
      .optional()
      .describe('The page: "model:mdl_…", "case:SLP-…", "run:run_…", "canary:…"'),
    order: z.enum(["newest", "oldest"]).default("newest").describe("Which come first"),
    cursor: entryIndex.optional().describe("`next` of the page before; opaque"),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("Rows on a page"),
  }),
  response: listOf(entryRowSchema),
  cache: "public",
  handle: async ({ ctx, query: { cursor, ...asked } }) => {
    const { items, next } = await listEntries(ctx, { ...asked, from: cursor });
    return { json: { items, next: next === null ? null : String(next) } };
  },
});

const params = z.object({
  index: z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/)
    .transform(Number),
});

export const getEntry = defineEndpoint({
  method: "GET",
  path: "/entries/{index}",
  id: "getEntry",
  summary: "One entry: its leaf, its signed statement, the key, and what vouches for its place",
  params,
  response: entrySchema,
  cache: "public",
  handle: async ({ ctx, params: { index } }) => {
    const entry = await entryPage(ctx, index);
    if (entry === null) return null;
    const { envelope, signer, pae, ...rest } = entry;
    return {
      json: {
        ...rest,
        statement: pae,
        envelope: envelope === null ? null : JSON.parse(envelope),
        signer: signer === null ? null : { role: signer.role, keyId: signer.keyId, publicKey: signer.pem },
      },
    };
  },
});

let known: ReturnType<typeof vouchersOf> | undefined;
/** From settings and a file that do not change while a process runs. */
function vouchers() {
  known ??= vouchersOf(env());
  return known;
}

export const getEntryBundle = defineEndpoint({
  method: "GET",
  path: "/entries/{index}/bundle.zip",
  id: "getEntryBundle",
  summary:
    "Everything that proves one entry, with verify.py, which checks it offline by Python and openssl alone. 404 until a checkpoint covers it",
  params,
  response: {
    mediaType: "application/zip",
    description: "statement, leaf, tlog-proof, keys, payloads, script",
  },
  cache: "public",
  perMinute: 120,
  handle: async ({ ctx, params: { index } }) => {
    const bundle = await entryBundle(ctx, index, vouchers());
    if (bundle === null) return null;
    return new Response(bundle.zip, {
      headers: {
        "content-type": "application/zip",
        "content-length": String(bundle.zip.length),
        "content-disposition": `attachment; filename="${bundle.name}"`,
        etag: `"${bundle.sha256}"`,
        "x-slipmark-sha256": bundle.sha256,
      },
    });
  },
});
