import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalBudget } from "../../lib/engine/io/net/request-budget";
import { defaultLimits, type SourceLimits } from "../../lib/engine/io/net/source-limits";
import type { SourceIo } from "../../lib/engine/io/source/source-io";

export interface FarSide {
  readonly url: string;
  /** "path?query" of each request, in order. */
  readonly requests: string[];
  readonly headers: IncomingMessage["headers"][];
  close(): Promise<void>;
}

/** A real server on loopback whose answers a test writes by hand: for what no well-behaved Hub does. */
export async function startFarSide(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<FarSide> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    headers.push(request.headers);
    response.on("error", () => {});
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A SourceIo with short pauses, without a cache, whose Hub and GitHub both lie at `url`. */
export function ioFor(
  url: string,
  changes: Partial<SourceIo> = {},
  limits: Partial<SourceLimits> = {},
): SourceIo {
  return {
    hf: { endpoint: url, token: null },
    github: { endpoint: url, token: null },
    cacheFolder: null,
    budget: createLocalBudget(5_000),
    limits: {
      ...defaultLimits,
      retryBaseMs: 5,
      requestMs: 2_000,
      idleMs: 2_000,
      maxWaitMs: 3_000,
      ...limits,
    },
    ...changes,
  };
}

/** The code of the EngineError that the work ends in, or "none". */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
