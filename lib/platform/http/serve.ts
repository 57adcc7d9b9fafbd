import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { anonymous, type Context, type Viewer } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/errors/parse-input";
import { consume } from "@/lib/platform/rate-limit";
import { log } from "@/lib/platform/telemetry";
import { countRequest } from "@/lib/platform/telemetry/metrics";
import { clientAddress } from "./client-address";
import type { Endpoint } from "./endpoint";
import { problemResponse } from "./problem";

export interface HttpSettings {
  readonly context: (viewer: Viewer) => Context;
  readonly trustedProxies: readonly string[];
  /** Who asks: from the session or a token. Asked only by endpoints that know a viewer. */
  readonly viewer: (request: Request) => Promise<Viewer>;
}

const defaultPerMinute = 240;
/** Bodies are small JSON documents. */
const maxBodyBytes = 64 * 1024;

const caching = {
  // A change is visible within seconds; a shared cache revalidates with the ETag.
  public: "public, max-age=0, s-maxage=5, must-revalidate",
  immutable: "public, max-age=31536000, immutable",
  none: "no-store",
} as const;

/** Public reads are for scripts of every origin: they carry no cookie and know no viewer. */
const openToAll = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, x-request-id, x-slipmark-digest, x-slipmark-sha256",
};

/** The one way from a request to a response for the HTTP interface. */
export function serve<
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
>(
  endpoint: Endpoint<P, Q, B>,
  settings: () => HttpSettings,
): (request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response> {
  return async (request, route) => {
    const requestId = randomUUID();
    const started = performance.now();
    let response: Response;
    try {
      response = await answer(endpoint, settings(), request, await route.params, requestId);
    } catch (error) {
      if (!(error instanceof AppError))
        log.error({ err: error, requestId, endpoint: endpoint.id }, "request failed");
      response = problemResponse(error, requestId);
    }
    countRequest(endpoint.id, response.status, (performance.now() - started) / 1000);
    return response;
  };
}

async function answer<
  P extends z.ZodType | undefined,
  Q extends z.ZodType | undefined,
  B extends z.ZodType | undefined,
>(
  endpoint: Endpoint<P, Q, B>,
  settings: HttpSettings,
  request: Request,
  rawParams: Record<string, string>,
  requestId: string,
): Promise<Response> {
  const address = clientAddress(request.headers, settings.trustedProxies);
  const perMinute = endpoint.perMinute ?? defaultPerMinute;
  const reader = settings.context(anonymous);
  await consume(reader.db, {
    name: perMinute === defaultPerMinute ? "api" : `api:${endpoint.id}`,
    key: address ?? "unknown",
    points: perMinute,
    seconds: 60,
  });
  // An address that does not name anything is "not found", not "invalid".
  const params = endpoint.params?.safeParse(rawParams);
  if (params !== undefined && !params.success) throw new AppError("not-found");
  const query =
    endpoint.query && parseInput(endpoint.query, Object.fromEntries(new URL(request.url).searchParams));
  const body = endpoint.body && parseInput(endpoint.body, await readJson(request));
  const reply = await endpoint.handle({
    params: params?.data as never,
    query: query as never,
    body: body as never,
    ctx: endpoint.knowsViewer ? settings.context(await settings.viewer(request)) : reader,
    request,
    requestId,
    address,
  });
  if (reply === null) throw new AppError("not-found");
  const headers = {
    "x-request-id": requestId,
    "x-content-type-options": "nosniff",
    ...(endpoint.method === "GET" ? openToAll : {}),
  };
  if (reply instanceof Response)
    return finished(reply, request, { ...headers, "cache-control": caching[endpoint.cache] });
  const json = endpoint.response instanceof z.ZodType ? endpoint.response.parse(reply.json) : reply.json;
  return finished(
    new Response(JSON.stringify(json), {
      status: reply.status ?? 200,
      headers: { "content-type": "application/json; charset=utf-8" },
    }),
    request,
    { ...headers, "cache-control": caching[endpoint.cache] },
    endpoint.cache === "none" ? undefined : JSON.stringify(json),
  );
}

/** Adds what every answer has; an answer that the caller has already becomes 304. */
function finished(
  response: Response,
  request: Request,
  headers: Readonly<Record<string, string>>,
  text?: string,
): Response {
  for (const [name, value] of Object.entries(headers))
    if (!response.headers.has(name)) response.headers.set(name, value);
  if (text !== undefined)
    response.headers.set("etag", `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`);
  const etag = response.headers.get("etag");
  if (etag === null || !isNamed(request.headers.get("if-none-match"), etag)) return response;
  response.body?.cancel().catch(() => undefined);
  const kept = new Headers(response.headers);
  for (const name of ["content-type", "content-length", "content-disposition"]) kept.delete(name);
  return new Response(null, { status: 304, headers: kept });
}

/** RFC 9110: a list of entity tags or "*"; compared weakly. */
function isNamed(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => bare(tag) === bare(etag));
}

async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\b/i.test(type))
    throw new AppError("invalid-input", { fields: { body: "application/json" } });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw new AppError("too-large");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new AppError("invalid-input", { fields: { body: "not JSON" } });
  }
}
