import { z } from "zod";
import { caseStates, findings } from "@/lib/cases";
import { casePage, casesAfter, claimPage } from "@/lib/cases/server";
import { anonymous } from "@/lib/platform/context";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { caseEventSchema, caseRowSchema, caseSchema, claimSchema, listingNotice } from "../_schemas/cases";
import { listOf, listQuery } from "../_schemas/query";

export const getCases = defineEndpoint({
  method: "GET",
  path: "/cases",
  id: "listCases",
  summary: "Public cases, newest report first. A listing is not a finding",
  query: listQuery.extend({
    state: z.enum(caseStates).exclude(["draft", "notified"]).optional().describe("Stage of the procedure"),
    finding: z.enum(findings).optional(),
  }),
  response: listOf(caseRowSchema),
  cache: "public",
  handle: async ({ ctx, query }) => ({ json: await casesAfter(ctx, query) }),
});

const params = z.object({ id: z.string().regex(/^[A-Z][A-Z0-9]{1,7}-\d{4}-\d{4,}$/) });

export const getCase = defineEndpoint({
  method: "GET",
  path: "/cases/{id}",
  id: "getCase",
  summary: "A case: both axes of its status, releases, claims, runs, parties, timeline",
  params,
  response: caseSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const found = await casePage(ctx, id, anonymous);
    return found === null ? null : { json: { ...found, notice: listingNotice } };
  },
});

export const getCaseEvents = defineEndpoint({
  method: "GET",
  path: "/cases/{id}/events",
  id: "listCaseEvents",
  summary:
    "The public history of a case, oldest first: numbered without gaps but for acts that are not public",
  params,
  query: z.object({
    cursor: z.coerce.number().int().min(0).default(0).describe("`next` of the page before; opaque"),
    limit: z.coerce.number().int().min(1).max(100).default(100).describe("Rows on a page"),
  }),
  response: listOf(caseEventSchema),
  cache: "public",
  handle: async ({ ctx, params: { id }, query: { cursor, limit } }) => {
    const found = await casePage(ctx, id, anonymous);
    if (found === null) return null;
    const rest = found.timeline.filter((event) => event.sequence > cursor);
    const items = rest.slice(0, limit);
    return { json: { items, next: rest.length > limit ? String(items.at(-1)?.sequence) : null } };
  },
});

export const getClaim = defineEndpoint({
  method: "GET",
  path: "/claims/{id}",
  id: "getClaim",
  summary: "One claim of a case with the runs that examined it",
  params: z.object({ id: z.string().regex(/^clm_[0-9a-z]{20}$/) }),
  response: claimSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const claim = await claimPage(ctx, id, anonymous);
    return claim === null ? null : { json: { ...claim, notice: listingNotice } };
  },
});
