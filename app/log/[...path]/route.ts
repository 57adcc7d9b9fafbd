import { randomUUID } from "node:crypto";
import { serveLog } from "@/lib/ledger/server";
import { services } from "@/lib/platform/context/server";
import { AppError } from "@/lib/platform/errors";
import { problemResponse } from "@/lib/platform/http/problem";
import { log } from "@/lib/platform/telemetry";

export const dynamic = "force-dynamic";

/** /log/checkpoint, /log/vkey, /log/tile/…, /log/entry/<i>.tlog-proof, /log/consistency: for machines, in no language. */
export async function GET(
  request: Request,
  route: { params: Promise<{ path: string[] }> },
): Promise<Response> {
  const { path } = await route.params;
  try {
    const { db, files } = services();
    const { body, type, cache } = await serveLog(
      { db, files },
      path.join("/"),
      new URL(request.url).searchParams,
    );
    return new Response(body as BodyInit, {
      headers: {
        "content-type": type,
        "cache-control": cache,
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
      },
    });
  } catch (error) {
    if (!(error instanceof AppError)) log.error({ err: error, path }, "reading the log failed");
    return problemResponse(error, randomUUID());
  }
}
