/** Why a server outside gave no answer that could be read. */
export type OutsideCode = "timeout" | "unreachable" | "too-large";

export class OutsideProblem extends Error {
  override readonly name = "OutsideProblem";
  readonly code: OutsideCode;
  constructor(code: OutsideCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface BoundedRequest {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly type?: string;
  readonly body?: Uint8Array;
  /** Most bytes of the answer that are read. */
  readonly limit: number;
  /** For everything together, from the first packet to the last byte. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface BoundedAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** Seconds that the server asks to wait; null when it says nothing usable. */
  readonly retryAfter: number | null;
}

/**
 * Asks a server that may be slow, gone or hostile: bounded in time and in bytes; a redirect is an answer like any other
 * and not followed. Throws OutsideProblem, or the signal's reason when `signal` ends it.
 */
export async function boundedRequest(request: BoundedRequest): Promise<BoundedAnswer> {
  const { url, limit, timeoutMs, signal } = request;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: request.method ?? "POST",
      redirect: "manual",
      headers: {
        "accept-encoding": "identity",
        ...(request.type === undefined ? {} : { "content-type": request.type }),
      },
      ...(request.body === undefined ? {} : { body: new Uint8Array(request.body) }),
      signal: AbortSignal.any([signal, timeout]),
    });
    const body = await readBounded(response, limit);
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status: response.status, body, retryAfter: Number.isFinite(wait) && wait >= 0 ? wait : null };
  } catch (error) {
    if (error instanceof OutsideProblem) throw error;
    signal.throwIfAborted();
    if (timeout.aborted) throw new OutsideProblem("timeout", `no answer within ${timeoutMs} ms`);
    throw new OutsideProblem("unreachable", reasonOf(error));
  }
}

async function readBounded(response: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > limit) throw new OutsideProblem("too-large", `an answer of more than ${limit} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** fetch says only "fetch failed"; what failed stands in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
