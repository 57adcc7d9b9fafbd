import { z } from "zod";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { publicBlob } from "@/lib/verification/server";

export const getBlob = defineEndpoint({
  method: "GET",
  path: "/blobs/sha256/{hex}",
  id: "getBlob",
  summary: "Bytes by their SHA-256: captured metadata files, and capsules of public runs",
  params: z.object({ hex: z.string().regex(/^[0-9a-f]{64}$/) }),
  response: { mediaType: "application/octet-stream", description: "The bytes, as a download" },
  cache: "public",
  handle: async ({ ctx, params: { hex } }) => {
    const blob = await publicBlob(ctx, hex);
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
