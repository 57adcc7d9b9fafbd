import { z } from "zod";
import { caseStates, findings } from "@/lib/cases";
import { casePage, listCases } from "@/lib/cases/server";
import { anonymous } from "@/lib/platform/context";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { caseListSchema, caseSchema } from "../_schemas/cases";
import { listQuery } from "../_schemas/query";

export const getCases = defineEndpoint({
  method: "GET",
  path: "/cases",
  id: "listCases",
  summary: "Public cases, last changed first. A listing is not a finding",
  query: listQuery.extend({
    state: z.enum(caseStates).exclude(["draft", "notified"]).optional().describe("Stage of the procedure"),
    finding: z.enum(findings).optional(),
  }),
  response: caseListSchema,
  cache: "public",
  handle: async ({ ctx, query }) => ({ json: await listCases(ctx, query) }),
});

export const getCase = defineEndpoint({
  method: "GET",
  path: "/cases/{id}",
  id: "getCase",
  summary: "A case: both axes of its status, releases, claims, runs, parties, timeline",
  params: z.object({ id: z.string().regex(/^[A-Z][A-Z0-9]{1,7}-\d{4}-\d{4,}$/) }),
  response: caseSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const found = await casePage(ctx, id, anonymous);
    return found === null ? null : { json: { ...found, notice: "A listing is not a finding." } };
  },
});
