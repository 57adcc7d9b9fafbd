import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { endpoints } from "@/app/api/v1/_endpoints";
import { getRunResult } from "@/app/api/v1/_endpoints/runs";
import { getSchema } from "@/app/api/v1/_endpoints/schemas";
import { openApiDocument } from "@/lib/platform/http/openapi";
import { queueRun } from "@/lib/verification/server";
import { testInstance } from "../verification/support";
import { asking } from "./support";

const site = await testInstance();
const reporter = await site.user("reporter");
const ask = asking(site);

test("the OpenAPI document is valid JSON Schema throughout and names every route there is", () => {
  const document = openApiDocument(endpoints, { version: "0.1.0" }) as unknown as {
    paths: Record<
      string,
      Record<string, { responses: Record<string, { content: object }>; requestBody?: object }>
    >;
  };
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const schemas = [...JSON.stringify(document).matchAll(/"schema":/g)];
  expect(schemas.length).toBeGreaterThan(15);
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations))
      for (const { content } of Object.values(operation.responses))
        for (const { schema } of Object.values(content) as { schema: { $ref?: string } }[])
          if (schema.$ref === undefined) expect(() => ajv.compile(schema)).not.toThrow();
  expect(Object.keys(document.paths).sort()).toEqual(routesOf("app/api/v1").sort());
});

test("the published JSON Schemas are served, and a result keeps to its own", async () => {
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(site.as(reporter), { caseId: publicId });
  await site.execute(runId);
  const result = await (await ask(getRunResult, { params: { id: runId } })).json();
  const served = await ask(getSchema, { params: { name: "result.v1.json" } });
  expect(served.headers.get("content-type")).toBe("application/schema+json");
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(await served.json());
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  for (const name of ["statistics.tokenizer.v1.json", "statement.register.v1.json"])
    expect(await (await ask(getSchema, { params: { name } })).json()).toHaveProperty("properties");
  for (const name of ["statement.none.v1.json", "../package.json", "result.v1"])
    expect((await ask(getSchema, { params: { name } })).status).toBe(404);
});

function routesOf(folder: string, path = ""): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return entry.name === "route.ts" && path !== "/openapi.json" ? [path] : [];
    if (entry.name.startsWith("_")) return [];
    return routesOf(join(folder, entry.name), `${path}/${entry.name.replace(/^\[(.+)\]$/, "{$1}")}`);
  });
}
