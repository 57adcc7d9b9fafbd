import { z } from "zod";
import { publishedSchemas } from "@/lib/engine/result/json-schemas";
import { statementSchemas } from "@/lib/ledger/server";
import { defineEndpoint } from "@/lib/platform/http/endpoint";

let known: ReadonlyMap<string, string> | undefined;

export const getSchema = defineEndpoint({
  method: "GET",
  path: "/schemas/{name}",
  id: "getSchema",
  summary: "A published JSON Schema: result.v1.json, statistics.<method>.v1.json, statement.<kind>.v1.json",
  params: z.object({ name: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.json$/) }),
  response: { mediaType: "application/schema+json", description: "JSON Schema 2020-12" },
  cache: "public",
  handle: async ({ params: { name } }) => {
    known ??= new Map([...publishedSchemas(), ...statementSchemas()]);
    const text = known.get(name);
    return text === undefined
      ? null
      : new Response(text, { headers: { "content-type": "application/schema+json" } });
  },
});
