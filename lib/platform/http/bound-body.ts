import { type IncomingMessage, Server, type ServerResponse } from "node:http";

const done = Symbol.for("slipmark.bound-body");

/** More than any form (1 MB) or document of the interface (64 KiB) needs. */
export const maxRequestBytes = 2 * 1024 * 1024;

/** The pages whose forms take a file (a fingerprint, answers, openings), and how much: the file and a little more. */
const uploads = {
  path: /^\/[a-z]{2}\/(?:register|models\/mdl_[0-9a-z]{20}\/weights|canaries\/[0-9a-f]{32}\/(?:answers|reveal))(?:$|[?#])/,
  most: 17 * 1024 * 1024,
};

/**
 * Refuses bodies without end before anything reads them: Next bounds its server actions, but a route handler that asks
 * for a form gets all of it in memory, whoever sends it.
 */
export function boundBodies(most = maxRequestBytes): void {
  const prototype = Server.prototype as typeof Server.prototype & { [done]?: true };
  if (prototype[done]) return;
  prototype[done] = true;
  const emit = prototype.emit;
  prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]) {
    if (event === "request" && isRefused(args[0] as IncomingMessage, args[1] as ServerResponse, most))
      return true;
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  } as typeof emit;
}

function isRefused(request: IncomingMessage, response: ServerResponse, ordinary: number): boolean {
  const most = uploads.path.test(request.url ?? "") ? Math.max(ordinary, uploads.most) : ordinary;
  if (Number(request.headers["content-length"] ?? 0) > most) {
    response.writeHead(413, { connection: "close" }).end();
    return true;
  }
  if (request.headers["transfer-encoding"] === undefined) return false;
  // No length was stated: counted while it comes in.
  const { push } = request;
  let size = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    size += chunk?.length ?? 0;
    if (size <= most) return Reflect.apply(push, request, [chunk, encoding]) as boolean;
    request.destroy(new Error("the request's body is too long"));
    return false;
  };
  return false;
}
