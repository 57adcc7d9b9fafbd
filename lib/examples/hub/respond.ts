import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ComputedBytes, FileSource } from "./repository";

/** A refusal as the Hub words it: status, X-Error-Code and a JSON body. */
export class HubRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const refusals = {
  /** The real Hub does not tell strangers whether a name is private or does not exist. */
  unknownRepository: (authenticated: boolean) =>
    authenticated
      ? new HubRefusal(404, "RepoNotFound", "Repository not found")
      : new HubRefusal(401, "RepoNotFound", "Invalid username or password.", {
          "WWW-Authenticate": 'Bearer realm="Authentication required", charset="UTF-8"',
        }),
  deletedRepository: () => new HubRefusal(404, "RepoNotFound", "Repository not found"),
  elsewhere: (address: string) => new HubRefusal(307, null, "Temporary Redirect", { Location: address }),
  unknownRevision: (revision: string) =>
    new HubRefusal(404, "RevisionNotFound", `Invalid rev id: ${revision}`),
  unknownEntry: (path: string, revision: string) =>
    new HubRefusal(404, "EntryNotFound", `${path} does not exist on "${revision}"`),
  gated: (name: string, authenticated: boolean) =>
    authenticated
      ? new HubRefusal(403, "GatedRepo", `Access to model ${name} is restricted.`)
      : new HubRefusal(
          401,
          "GatedRepo",
          `Access to model ${name} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
        ),
  tooMany: (headers: Readonly<Record<string, string>>) =>
    new HubRefusal(
      429,
      null,
      "We had to rate limit your IP. To continue using our service, please log in.",
      headers,
    ),
};

export function sendJson(
  response: ServerResponse,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.byteLength,
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}

export function sendRefusal(response: ServerResponse, refusal: HubRefusal): void {
  sendJson(
    response,
    { error: refusal.message },
    {
      ...(refusal.code ? { "X-Error-Code": refusal.code } : {}),
      "X-Error-Message": refusal.message,
      ...refusal.headers,
    },
    refusal.status,
  );
}

/** A single byte range (RFC 9110, 14.1.2); "none" when absent or not understood, "beyond" when it starts past the end. */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "none" | "beyond" {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return "none";
  if (match[1] === "") {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? "beyond" : { start: size - length, end: size };
  }
  const start = Number(match[1]);
  const last = match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size) return "beyond";
  return last < start ? "none" : { start, end: last + 1 };
}

/** The bytes of a file with 200, 206 or 416. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  source: FileSource,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const size = await sizeOf(source);
  const range = parseRange(request.headers.range, size);
  const common = { "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream", ...headers };
  if (range === "beyond") {
    response.writeHead(416, { ...common, "Content-Range": `bytes */${size}`, "Content-Length": 0 });
    response.end();
    return;
  }
  const { start, end } = range === "none" ? { start: 0, end: size } : range;
  response.writeHead(range === "none" ? 200 : 206, {
    ...common,
    "Content-Length": end - start,
    ...(range === "none" ? {} : { "Content-Range": `bytes ${start}-${end - 1}/${size}` }),
  });
  if (request.method === "HEAD" || start === end) response.end();
  else if ("bytes" in source) response.end(source.bytes.subarray(start, end));
  else if ("computed" in source) await pipeline(computedPieces(source.computed, start, end), response);
  else await pipeline(createReadStream(source.filePath, { start, end: end - 1 }), response);
}

async function sizeOf(source: FileSource): Promise<number> {
  if ("bytes" in source) return source.bytes.byteLength;
  return "computed" in source ? source.computed.size : (await stat(source.filePath)).size;
}

const piece = 256 * 1024;

function* computedPieces({ read }: ComputedBytes, start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; at += piece) yield read(at, Math.min(end, at + piece));
}
