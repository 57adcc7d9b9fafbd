import { endpoints } from "@/app/api/v1/_endpoints";
import { openApiDocument } from "@/lib/platform/http/openapi";
import packageJson from "@/package.json";

// The document depends on the build alone.
export const dynamic = "force-static";

export function GET(): Response {
  return Response.json(openApiDocument(endpoints, { version: packageJson.version }), {
    headers: { "access-control-allow-origin": "*", "cache-control": "public, max-age=300" },
  });
}
