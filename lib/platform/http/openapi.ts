import { z } from "zod";
import type { Endpoint } from "./endpoint";

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    fields: z.record(z.string(), z.string()).optional(),
    instance: z.string(),
  })
  .describe("RFC 9457 problem. `code` is one of a closed list.");

/** The OpenAPI 3.1 document of these endpoints, made from the very schemas that validate. */
export function openApiDocument(endpoints: readonly Endpoint[], info: { readonly version: string }) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Slipmark",
      version: info.version,
      description:
        "A public ledger of model attribution. Reading needs no key. A listing is not a finding. Structured data: CC0 1.0; texts: CC BY 4.0; captures are not relicensed.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    paths,
    components: { schemas: { Problem: jsonSchema(problemSchema, "output") } },
  };
}

function operation(endpoint: Endpoint) {
  const success = String(endpoint.status ?? 200);
  const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  const content =
    endpoint.response instanceof z.ZodType
      ? { "application/json": { schema: jsonSchema(endpoint.response, "output") } }
      : { [endpoint.response.mediaType]: { schema: { type: "string" } } };
  const description =
    endpoint.response instanceof z.ZodType ? endpoint.summary : endpoint.response.description;
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    parameters: [...parameters(endpoint.params, "path"), ...parameters(endpoint.query, "query")],
    ...(endpoint.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: jsonSchema(endpoint.body, "input") } },
          },
        }),
    responses: {
      [success]: { description, content },
      default: { description: "A problem", content: problem },
    },
  };
}

function parameters(schema: z.ZodType | undefined, where: "path" | "query") {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...one }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: one,
  }));
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    unrepresentable: "any",
  });
  return rest;
}
