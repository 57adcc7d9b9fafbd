import { z } from "zod";
import { judgementIdSchema } from "@/lib/canaries";
import { canaryBundle, judgement } from "@/lib/canaries/server";
import { redactionOfEntry } from "@/lib/ledger/server";
import type { Context } from "@/lib/platform/context";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { canaryJudgementSchema } from "../_schemas/canary-judgements";
import { redactedResponse } from "./redacted";

const params = z.object({ id: judgementIdSchema });

export const getCanaryJudgement = defineEndpoint({
  method: "GET",
  path: "/canary-judgements/{id}",
  id: "getCanaryJudgement",
  summary:
    "A judging of a suspect's answers to a canary set: state, slipmark.canary-result/v1, what each answer set was worth and why, and where the file is from which it follows",
  params,
  response: canaryJudgementSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const found = await judgement(ctx, id);
    if (found === null) return null;
    const { createdAt, finishedAt, ...rest } = found;
    return {
      json: { ...rest, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
    };
  },
});

export const getCanaryBundle = defineEndpoint({
  method: "GET",
  path: "/canary-judgements/{id}/bundle",
  id: "getCanaryBundle",
  summary:
    "One file from which the judgement follows: terms, beacon, openings, answers, order. `slipmark canary score --bundle FILE` gives the same digest",
  params,
  response: { mediaType: "application/json", description: "slipmark.canary-bundle/v1" },
  cache: "public",
  perMinute: 30,
  handle: async ({ ctx, params: { id }, requestId }) => {
    const bundle = await canaryBundle(ctx, id);
    if (bundle === null) return goneBundle(ctx, id, requestId);
    return new Response(bundle.stream, {
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-length": String(bundle.size),
        "content-disposition": `attachment; filename="${id}.json"`,
        etag: `"${bundle.sha256}"`,
        "x-slipmark-sha256": bundle.sha256,
      },
    });
  },
});

/** 410 with the tombstone where a judgement was redacted, else 404. */
async function goneBundle(ctx: Pick<Context, "db">, id: string, requestId: string): Promise<Response | null> {
  const redaction = await redactionOfEntry(ctx.db, `verify:${id}`);
  return redaction?.scope === "entry" ? redactedResponse(redaction, requestId) : null;
}
