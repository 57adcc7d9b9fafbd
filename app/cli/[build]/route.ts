import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { engineBuild } from "@/lib/verification/server";

export const dynamic = "force-dynamic";

/** /cli/<sha256>.mjs: the engine build that a result names, for ever. */
export async function GET(
  _request: Request,
  route: { params: Promise<{ build: string }> },
): Promise<Response> {
  const sha256 = /^([0-9a-f]{64})\.mjs$/.exec((await route.params).build)?.[1];
  const build = sha256 === undefined ? null : await engineBuild(serviceContext(anonymous), sha256);
  if (sha256 === undefined || build === null) return new Response("not found\n", { status: 404 });
  return new Response(build.stream, {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "content-length": String(build.size),
      "content-disposition": `attachment; filename="slipmark-${sha256.slice(0, 12)}.mjs"`,
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
      etag: `"${sha256}"`,
      "cache-control": "public, max-age=31536000, immutable",
    },
  });
}
