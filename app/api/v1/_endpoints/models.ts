import { z } from "zod";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { modelPage, modelsAfter, releasePage } from "@/lib/registry/server";
import { modelRowSchema, modelSchema, releaseSchema } from "../_schemas/models";
import { listOf, listQuery } from "../_schemas/query";

export const getModels = defineEndpoint({
  method: "GET",
  path: "/models",
  id: "listModels",
  summary: "Registered models, newest first",
  query: listQuery,
  response: listOf(modelRowSchema),
  cache: "public",
  handle: async ({ ctx, query }) => ({ json: await modelsAfter(ctx, query) }),
});

export const getModel = defineEndpoint({
  method: "GET",
  path: "/models/{id}",
  id: "getModel",
  summary: "A registration, with what was captured and committed",
  params: z.object({ id: z.string().regex(/^mdl_[0-9a-z]{20}$/) }),
  response: modelSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const model = await modelPage(ctx, id);
    return model === null ? null : { json: model };
  },
});

export const getRelease = defineEndpoint({
  method: "GET",
  path: "/releases/{id}",
  id: "getRelease",
  summary: "A release that a registration or a case rests on: what was captured, and who names it",
  params: z.object({ id: z.string().regex(/^rel_[0-9a-z]{20}$/) }),
  response: releaseSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const release = await releasePage(ctx, id);
    return release === null ? null : { json: release };
  },
});
