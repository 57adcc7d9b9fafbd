import { z } from "zod";
import { redactionOfEntry } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { runIdSchema } from "@/lib/verification";
import { reproductionsOf, runPage, storedResult } from "@/lib/verification/server";
import { reproductionsSchema, runSchema } from "../_schemas/runs";
import { redactedResponse } from "./redacted";

const params = z.object({ id: runIdSchema });

/** 410 with the tombstone where a result was redacted, else 404. */
async function goneResult(ctx: Pick<Context, "db">, id: string, requestId: string): Promise<Response | null> {
  const redaction = await redactionOfEntry(ctx.db, `verify:${id}`);
  return redaction?.scope === "entry" ? redactedResponse(redaction, requestId) : null;
}

export const getRun = defineEndpoint({
  method: "GET",
  path: "/runs/{id}",
  id: "getRun",
  summary: "A verification run: state, inputs, and where its result is",
  params,
  response: runSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const run = await runPage(ctx, id);
    if (run === null) return null;
    const result = run.result === null ? null : { ...run.result, path: `/api/v1/runs/${id}/result` };
    return { json: { ...run, result } };
  },
});

export const getRunReproductions = defineEndpoint({
  method: "GET",
  path: "/runs/{id}/reproductions",
  id: "listRunReproductions",
  summary: "Who states that they ran a result again, and which digest came out: their word, oldest first",
  params,
  response: reproductionsSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const run = await runPage(ctx, id);
    if (run === null || run.case === null) return null;
    const found = await reproductionsOf(ctx, id);
    const items = found.map(({ entry, ...one }) => ({
      ...one,
      entry: entry === null || entry.proof.state === "waiting" ? null : entry.proof.index,
    }));
    return { json: { items } };
  },
});

export const getRunResult = defineEndpoint({
  method: "GET",
  path: "/runs/{id}/result",
  id: "getRunResult",
  summary: "The result document, byte for byte as it is stored",
  params,
  response: { mediaType: "application/json", description: "slipmark.result/v1 as canonical JSON (RFC 8785)" },
  cache: "public",
  handle: async ({ ctx, params: { id }, requestId }) => {
    const result = await storedResult(ctx, id);
    if (result === null) return goneResult(ctx, id, requestId);
    return new Response(result.document, {
      headers: {
        "content-type": "application/json; charset=utf-8",
        etag: `"${result.runId}"`,
        // The document holds the digest, too; here for those who only ask for the head.
        "x-slipmark-digest": result.digest,
      },
    });
  },
});

export const getRunCapsule = defineEndpoint({
  method: "GET",
  path: "/runs/{id}/capsule",
  id: "getRunCapsule",
  summary:
    "The capsule: the very bytes the run read, enough to reproduce the result without the repositories",
  params,
  response: { mediaType: "application/x-tar", description: "slipmark.capsule/v1" },
  cache: "public",
  perMinute: 30,
  handle: async ({ ctx, params: { id }, requestId }) => {
    const result = await storedResult(ctx, id);
    if (result === null) return goneResult(ctx, id, requestId);
    const stream = await ctx.blobs.stream(result.capsuleSha256);
    if (stream === null) return null;
    return new Response(stream, {
      headers: {
        "content-type": "application/x-tar",
        "content-length": String(result.capsuleSize),
        "content-disposition": `attachment; filename="${id}.tar"`,
        etag: `"${result.capsuleSha256}"`,
        "x-slipmark-sha256": result.capsuleSha256,
      },
    });
  },
});
