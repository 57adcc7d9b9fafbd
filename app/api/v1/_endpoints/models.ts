import { z } from "zod";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { listModels, modelPage } from "@/lib/registry/server";
import { modelListSchema, modelSchema } from "../_schemas/models";
import { listQuery } from "../_schemas/query";

export const getModels = defineEndpoint({
  method: "GET",
  path: "/models",
  id: "listModels",
  summary: "Registered models, newest first",
  query: listQuery,
  response: modelListSchema,
  cache: "public",
  handle: async ({ ctx, query }) => ({ json: await listModels(ctx, query) }),
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
