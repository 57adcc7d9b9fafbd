import { z } from "zod";
import { answerSetIdSchema, commitSetSchema } from "@/lib/canaries";
import {
  answerSet,
  answersOf,
  canarySet,
  commitSet,
  drawnItems,
  hasSet,
  orderChain,
  revealedItems,
  setsAfter,
} from "@/lib/canaries/server";
import { formatAnswers } from "@/lib/engine/canary/transcript";
import { redactionOfEntry } from "@/lib/ledger/server";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import {
  answerSetSchema,
  canarySetRowSchema,
  canarySetSchema,
  chainStepSchema,
  drawnItemSchema,
  revealedItemSchema,
} from "../_schemas/canary-sets";
import { listOf, pageQuery } from "../_schemas/query";
import { redactedResponse } from "./redacted";

const setId = z.string().regex(/^[0-9a-f]{32}$/);
const ofSet = z.object({ setId });
const ofAnswers = z.object({ setId, id: answerSetIdSchema });

export const getCanarySets = defineEndpoint({
  method: "GET",
  path: "/canary-sets",
  id: "listCanarySets",
  summary: "Committed sets of canaries, newest first",
  query: pageQuery.extend({
    model: z
      .string()
      .regex(/^mdl_[0-9a-z]{20}$/)
      .optional()
      .describe("Those that this registration was trained on"),
  }),
  response: listOf(canarySetRowSchema),
  cache: "public",
  handle: async ({ ctx, query }) => ({ json: await setsAfter(ctx, query) }),
});

export const postCanarySet = defineEndpoint({
  method: "POST",
  path: "/canary-sets",
  id: "commitCanarySet",
  summary:
    "Commits to a set before anything is trained on it: its public values and its terms. Items and seed are never sent",
  body: commitSetSchema,
  response: z.object({ setId, created: z.boolean() }),
  cache: "none",
  perMinute: 60,
  knowsViewer: true,
  handle: async ({ ctx, body }) => ({ json: await commitSet(ctx, body) }),
});

export const getCanarySet = defineEndpoint({
  method: "GET",
  path: "/canary-sets/{setId}",
  id: "getCanarySet",
  summary: "A set: terms, nonce with what it was computed from, answers, and the order of its first steps",
  params: ofSet,
  response: canarySetSchema,
  cache: "public",
  handle: async ({ ctx, params }) => {
    const set = await canarySet(ctx, params.setId);
    return set === null ? null : { json: set };
  },
});

export const getCanaryOpenings = defineEndpoint({
  method: "GET",
  path: "/canary-sets/{setId}/openings",
  id: "listCanaryOpenings",
  summary: "Revealed items with their openings, in the order of the set; images stand among the blobs",
  params: ofSet,
  query: z.object({
    after: z.coerce.number().int().min(0).max(100_000).optional().describe("`next` of the page before"),
    limit: z.coerce.number().int().min(1).max(500).default(100).describe("Items on a page"),
  }),
  response: z.object({ items: z.array(revealedItemSchema), next: z.int().nullable() }),
  cache: "public",
  handle: async ({ ctx, params, query }) =>
    (await hasSet(ctx, params.setId)) ? { json: await revealedItems(ctx, params.setId, query) } : null,
});

export const getCanaryDrawn = defineEndpoint({
  method: "GET",
  path: "/canary-sets/{setId}/drawn",
  id: "listCanaryDrawnItems",
  summary:
    "Items that the program of a generator set has drawn, in the order of the set; pictures stand among the blobs",
  params: ofSet,
  query: z.object({
    after: z.coerce.number().int().min(0).max(100_000).optional().describe("`next` of the page before"),
    limit: z.coerce.number().int().min(1).max(500).default(500).describe("Items on a page"),
  }),
  response: z.object({ items: z.array(drawnItemSchema), next: z.int().nullable() }),
  cache: "public",
  handle: async ({ ctx, params, query }) => {
    const drawn = await drawnItems(ctx, params.setId, query);
    return drawn === null ? null : { json: drawn };
  },
});

export const getCanaryAnswers = defineEndpoint({
  method: "GET",
  path: "/canary-sets/{setId}/answers",
  id: "listCanaryAnswers",
  summary: "Every model's answers to a set that are registered, oldest first",
  params: ofSet,
  response: z.object({ items: z.array(answerSetSchema) }),
  cache: "public",
  handle: async ({ ctx, params }) => {
    const set = await canarySet(ctx, params.setId);
    return set === null ? null : { json: { items: set.answers } };
  },
});

export const getCanaryAnswerSet = defineEndpoint({
  method: "GET",
  path: "/canary-sets/{setId}/answers/{id}",
  id: "getCanaryAnswers",
  summary:
    "The answers themselves, as far as their items are revealed; x-slipmark-complete tells whether all are",
  params: ofAnswers,
  response: {
    mediaType: "application/jsonl",
    description: 'One {"id","answer"} a line, "unstable": true where the repeats did not agree',
  },
  cache: "public",
  perMinute: 120,
  handle: async ({ ctx, params: { setId: of, id }, requestId }) => {
    const redaction = await redactionOfEntry(ctx.db, `responses:${id}`);
    if (redaction?.scope === "entry") return redactedResponse(redaction, requestId);
    const row = await answerSet(ctx, id);
    if (row === null || row.setId !== of) return null;
    const found = await answersOf(ctx, id);
    if (found === null) return null;
    return new Response(formatAnswers(found.rows), {
      headers: {
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": `attachment; filename="${id}.jsonl"`,
        "content-security-policy": "sandbox; default-src 'none'",
        "x-slipmark-complete": String(found.complete),
        etag: `"${row.answersSha256.slice(0, 24)}-${found.rows.length}"`,
      },
    });
  },
});

export const getCanaryOrder = defineEndpoint({
  method: "GET",
  path: "/canary-sets/{setId}/order/{id}",
  id: "getCanaryOrder",
  summary:
    "The order that makes a set evidence against one suspect, step by step: each inside a vouched checkpoint that the next one cites",
  params: ofAnswers,
  response: z.object({ steps: z.array(chainStepSchema) }),
  cache: "public",
  handle: async ({ ctx, params: { setId: of, id } }) => {
    const row = await answerSet(ctx, id);
    if (row === null || row.setId !== of) return null;
    return { json: { steps: await orderChain(ctx.db, of, id) } };
  },
});
