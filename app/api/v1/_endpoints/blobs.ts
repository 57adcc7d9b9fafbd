import { z } from "zod";
import { publicCanaryBlob } from "@/lib/canaries/server";
import { ledgerBlob, redactionOfBlob } from "@/lib/ledger/server";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { publicBlob } from "@/lib/verification/server";
import { redactedResponse } from "./redacted";

export const getBlob = defineEndpoint({
  method: "GET",
  path: "/blobs/sha256/{hex}",
  id: "getBlob",
  summary:
    "Bytes by their SHA-256: captured metadata files, capsules of public runs, images and transcripts of revealed canaries, statements of the log as they were signed, and what they cite",
  params: z.object({ hex: z.string().regex(/^[0-9a-f]{64}$/) }),
  response: { mediaType: "application/octet-stream", description: "The bytes, as a download" },
  cache: "public",
  // Monitors fetch every statement and payload of the log.
  perMinute: 3000,
  handle: async ({ ctx, params: { hex }, requestId }) => {
    // Before everything else: bytes that somebody brings back under the same hash stay redacted.
    const redaction = await redactionOfBlob(ctx.db, hex);
    if (redaction !== null) return redactedResponse(redaction, requestId);
    const stated = await ledgerBlob(ctx.db, hex);
    const blob =
      stated === null
        ? ((await publicBlob(ctx, hex)) ?? (await publicCanaryBlob(ctx, hex)))
        : { stream: stated, size: stated.length };
    if (blob === null) return null;
    // Strangers' files on our origin: never shown, never sniffed, nothing in them runs.
    return new Response(blob.stream, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(blob.size),
        "content-disposition": `attachment; filename="${hex}"`,
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "cross-origin",
        etag: `"${hex}"`,
      },
    });
  },
});
