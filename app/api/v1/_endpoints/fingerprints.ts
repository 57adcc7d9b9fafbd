import { z } from "zod";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { fingerprintsAfter, fingerprintsByDigest } from "@/lib/registry/server";
import { fingerprintRowSchema } from "../_schemas/fingerprints";
import { listOf, pageQuery } from "../_schemas/query";

const digest = z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) });

export const getFingerprints = defineEndpoint({
  method: "GET",
  path: "/fingerprints",
  id: "listFingerprints",
  summary: "Fingerprints of registered models' weights, newest first",
  query: pageQuery.extend({
    model: z
      .string()
      .regex(/^mdl_[0-9a-z]{20}$/)
      .optional()
      .describe("Of this registration only"),
  }),
  response: listOf(fingerprintRowSchema),
  cache: "public",
  handle: async ({ ctx, query }) => ({ json: await fingerprintsAfter(ctx, query) }),
});

export const getFingerprint = defineEndpoint({
  method: "GET",
  path: "/fingerprints/{digest}",
  id: "getFingerprint",
  summary: "Everywhere a fingerprint of weights is recorded",
  params: digest,
  response: z.object({ items: z.array(fingerprintRowSchema) }),
  cache: "public",
  handle: async ({ ctx, params }) => {
    const items = await fingerprintsByDigest(ctx, params.digest);
    return items.length === 0 ? null : { json: { items } };
  },
});

export const getFingerprintDocument = defineEndpoint({
  method: "GET",
  path: "/fingerprints/{digest}/document",
  id: "getFingerprintDocument",
  summary: "The fingerprint file: what the command line takes as a source",
  params: digest,
  response: {
    mediaType: "application/json",
    description: "slipmark.fingerprint/v1 or slipmark.fingerprint-light/v1 as canonical JSON (RFC 8785)",
  },
  cache: "public",
  perMinute: 60,
  handle: async ({ ctx, params }) => {
    const [row] = await fingerprintsByDigest(ctx, params.digest);
    const stream = row === undefined ? null : await ctx.blobs.stream(row.file);
    if (row === undefined || stream === null) return null;
    return new Response(stream, {
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-length": String(row.size),
        "content-disposition": `attachment; filename="fingerprint-${params.digest.slice(0, 12)}.json"`,
        "content-security-policy": "sandbox; default-src 'none'",
        etag: `"${row.file}"`,
      },
    });
  },
});
