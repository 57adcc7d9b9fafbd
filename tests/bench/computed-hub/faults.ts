import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/**
 * What goes wrong on a line or at a far side: the connection breaks in the middle of a body; a body ends early and says
 * so; too many requests; the file is another one from now on, by its ETag or by its size.
 */
export type FaultKind = "dropped" | "truncated" | "limited" | "other-etag" | "other-size";

/** Befalls the requests for content numbered [after, after + times), counted from 0. */
export interface Fault {
  readonly kind: FaultKind;
  readonly after: number;
  readonly times: number;
  /** Seconds that a "limited" answer asks to wait. */
  readonly retryAfter?: number;
}

/** A handler for startHub that lets the Hub answer and spoils some answers of its content address; it counts them. */
export function createFaults(faults: readonly Fault[]) {
  let count = 0;
  let befallen = 0;
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (!request.url?.startsWith("/cdn-lfs/")) return false;
    const turn = count;
    count += 1;
    const fault = faults.find(({ after, times }) => turn >= after && turn < after + times);
    if (!fault) return false;
    befallen += 1;
    if (fault.kind === "limited") {
      const seconds = String(fault.retryAfter ?? 1);
      response.writeHead(429, { "Retry-After": seconds, RateLimit: `"resolvers";r=0;t=${seconds}` }).end();
      return true;
    }
    spoil(response, fault.kind);
    return false;
  }
  return { handle, befallen: () => befallen };
}

function spoil(response: ServerResponse, kind: Exclude<FaultKind, "limited">): void {
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    headers: OutgoingHttpHeaders,
  ) => ServerResponse;
  let left = Number.POSITIVE_INFINITY;
  const altered = (status: number, headers: OutgoingHttpHeaders) => {
    const length = Number(headers["Content-Length"] ?? 0);
    const range = String(headers["Content-Range"] ?? "");
    if (kind === "dropped" || kind === "truncated") left = Math.floor(length / 2);
    return writeHead(status, {
      ...headers,
      ...(kind === "truncated" ? { "Content-Length": left } : {}),
      ...(kind === "other-etag" ? { ETag: `"${"0".repeat(64)}"` } : {}),
      ...(kind === "other-size"
        ? { "Content-Range": range.replace(/\d+$/, (size) => String(Number(size) + 2)) }
        : {}),
    });
  };
  response.writeHead = altered as ServerResponse["writeHead"];
  if (kind !== "dropped" && kind !== "truncated") return;
  const write = response.write.bind(response) as (
    chunk: Uint8Array,
    done?: (error?: Error | null) => void,
  ) => boolean;
  const cut = (chunk: Uint8Array, ...more: unknown[]) => {
    const done = more.find((one) => typeof one === "function") as
      | ((error?: Error | null) => void)
      | undefined;
    const part = chunk.subarray(0, left);
    left -= part.length;
    if (left > 0) return write(part, done);
    write(part, () => {
      if (kind === "dropped") response.destroy();
      else response.end();
      done?.();
    });
    return true;
  };
  response.write = cut as ServerResponse["write"];
}
