import { type Dispatcher, request } from "undici";
import type { IncomingHttpHeaders } from "undici/types/header.js";
import { EngineError } from "../../errors";
import type { Endpoint, SourceIo } from "../source/source-io";
import { cancelledError, throwIfCancelled } from "./cancelled";
import { engineErrorIn, failureText } from "./failure";
import { createGuardedDispatcher, refused } from "./guarded-dispatcher";
import { inLane } from "./lanes";
import { pause } from "./pause";
import { readRateFacts } from "./rate-headers";
import { type ByteRange, readBody, readRangeBody } from "./read-body";
import { contentBudget, limited } from "./request-budget";

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly range?: ByteRange;
  /** A request of the content's own budget: of an address that was signed for it. */
  readonly content?: boolean;
  /** Most bytes the answer may hold (a range brings its own measure). */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body; for a range exactly its bytes. Of an error answer at most 64 KiB. */
  readonly body: Uint8Array;
  /** Size of the whole file where a range answer states it. */
  readonly total: number | null;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Headers of the redirect that named the content (X-Linked-*), else of the first one; null without any. */
  readonly redirect: IncomingHttpHeaders | null;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);
const dispatchers = new Map<string, Dispatcher>();

/**
 * GET requests of one opened release: guarded addresses, redirects by hand, limits, retries, one budget.
 * Answers 2xx and 4xx are returned; what may pass is tried again; the rest is an EngineError.
 */
export class SourceClient {
  readonly base: URL;
  readonly #io: SourceIo;
  readonly #credentials: Readonly<Record<string, string>>;
  readonly #dispatcher: Dispatcher;
  #requests = 0;
  #bytes = 0;

  /** `dispatcher` replaces the guarded connections: only for tests that play several public hosts on loopback. */
  constructor(io: SourceIo, endpoint: Endpoint, dispatcher?: Dispatcher) {
    this.#io = io;
    this.base = parseEndpoint(endpoint.endpoint);
    this.#credentials = endpoint.token === null ? {} : { authorization: `Bearer ${endpoint.token}` };
    this.#dispatcher = dispatcher ?? dispatcherOf(this.base, io);
  }

  async get(url: URL, options: GetOptions): Promise<Answer> {
    const { limits } = this.#io;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await inLane(url.host, this.#signal(options), () => this.#attempt(url, options));
      if ("answer" in outcome) return outcome.answer;
      const waitMs = Math.max(outcome.waitMs, limits.retryBaseMs * 2 ** attempt * (0.5 + Math.random()));
      if (attempt >= limits.maxRetries || outcome.waitMs > limits.maxWaitMs) throw outcome.error;
      await pause(waitMs, this.#signal(options));
    }
  }

  async #attempt(url: URL, options: GetOptions): Promise<{ answer: Answer } | Retry> {
    const signal = this.#signal(options);
    throwIfCancelled(signal);
    try {
      return await this.#follow(url, options, signal);
    } catch (error) {
      if (signal?.aborted) throw cancelledError(error);
      const known = engineErrorIn(error);
      if (known) throw known;
      return { error: unreachable(url.host, failureText(error), error), waitMs: 0 };
    }
  }

  async #follow(
    first: URL,
    options: GetOptions,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: Answer } | Retry> {
    let url = first;
    let redirect: IncomingHttpHeaders | null = null;
    let credentials = url.origin === this.base.origin ? this.#credentials : {};
    for (let hop = 0; ; hop += 1) {
      const response = await this.#send(url, options, credentials, signal);
      const { statusCode: status, headers } = response;
      const facts = readRateFacts(headers, Date.now());
      this.#io.budget.observed(budgetKey(url, options), facts);
      if (redirects.has(status)) {
        response.body.on("error", () => {}).destroy();
        if (hop >= this.#io.limits.maxRedirects) throw unreachable(url.host, "too many redirects");
        if (redirect === null || headers["x-linked-etag"] !== undefined) redirect = headers;
        const next = redirectTarget(url, headers.location);
        // Once off the endpoint the token stays behind, even if a later hop leads back.
        if (next.origin !== url.origin) credentials = {};
        url = next;
        continue;
      }
      const exhausted =
        status === 429 || (status === 403 && (facts.remaining === 0 || facts.retryAfter !== undefined));
      if (exhausted || passing.has(status)) {
        response.body.on("error", () => {}).destroy();
        const seconds = facts.retryAfter ?? (facts.remaining === 0 ? facts.reset : undefined) ?? 0;
        const error = exhausted ? limited(url.host, seconds) : unreachable(url.host, `answered ${status}`);
        return { error, waitMs: seconds * 1000 };
      }
      return { answer: { ...(await this.#read(response, url, options)), redirect } };
    }
  }

  async #send(
    url: URL,
    options: GetOptions,
    credentials: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const { limits, budget } = this.#io;
    this.#requests += 1;
    if (this.#requests > limits.maxRequests) {
      throw new EngineError("too-large", `More than ${limits.maxRequests} requests for one release`, {
        limit: limits.maxRequests,
      });
    }
    await budget.acquire(budgetKey(url, options), signal);
    // The clock starts after the budget's wait and runs until the body is complete.
    const deadline = AbortSignal.timeout(limits.requestMs);
    return request(url, {
      dispatcher: this.#dispatcher,
      method: "GET",
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      headersTimeout: limits.idleMs,
      bodyTimeout: limits.idleMs,
      headers: {
        "user-agent": "slipmark",
        // Nothing compressed: an answer is as long as it says.
        "accept-encoding": "identity",
        ...options.headers,
        ...(options.range ? { range: `bytes=${options.range.start}-${options.range.end - 1}` } : {}),
        ...credentials,
      },
    });
  }

  async #read(
    response: Dispatcher.ResponseData,
    url: URL,
    options: GetOptions,
  ): Promise<Omit<Answer, "redirect">> {
    const { statusCode: status, headers } = response;
    const encoding = headers["content-encoding"];
    try {
      if (encoding !== undefined && encoding !== "identity") {
        throw unreachable(url.host, "sent a compressed answer that was not asked for");
      }
      if (status < 200 || status >= 300) {
        const body = await readStart(response, 64 * 1024);
        return { status, headers, body, total: null, url };
      }
      const count = (bytes: number) => this.#count(bytes);
      if (options.range) {
        const { bytes, total } = await readRangeBody(response, options.range, count);
        return { status, headers, body: bytes, total, url };
      }
      return { status, headers, body: await readBody(response, options.maxBytes, count), total: null, url };
    } finally {
      response.body.on("error", () => {}).destroy();
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#io.onBytes?.(bytes);
    if (this.#bytes > this.#io.limits.maxTotalBytes) {
      throw new EngineError("too-large", `More than ${this.#io.limits.maxTotalBytes} bytes for one release`, {
        limit: this.#io.limits.maxTotalBytes,
      });
    }
  }

  #signal(options: GetOptions): AbortSignal | undefined {
    const signals = [this.#io.signal, options.signal].filter((signal) => signal !== undefined);
    return signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  }
}

interface Retry {
  readonly error: EngineError;
  readonly waitMs: number;
}

function budgetKey(url: URL, { content }: GetOptions): string {
  return content ? url.host + contentBudget : url.host;
}

function dispatcherOf(base: URL, io: SourceIo): Dispatcher {
  if (io.lookup) return createGuardedDispatcher(base, io.lookup);
  const known = dispatchers.get(base.origin);
  if (known) return known;
  const made = createGuardedDispatcher(base);
  dispatchers.set(base.origin, made);
  return made;
}

function redirectTarget(from: URL, location: string | string[] | undefined): URL {
  let next: URL;
  try {
    next = new URL(String(location ?? ""), from);
  } catch {
    throw unreachable(from.host, "redirected to an address that cannot be read");
  }
  const downgraded = from.protocol === "https:" && next.protocol === "http:";
  if (downgraded || (next.protocol !== "http:" && next.protocol !== "https:"))
    throw refused(next.href.slice(0, 100));
  next.username = "";
  next.password = "";
  return next;
}

function parseEndpoint(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // told below
  }
  throw new EngineError("bad-input", "An endpoint must be an http or https address", {
    given: text.slice(0, 200),
  });
}

async function readStart(response: Dispatcher.ResponseData, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

function unreachable(host: string, reason: string, cause?: unknown): EngineError {
  const options = cause === undefined ? {} : { cause };
  return new EngineError("source-unreachable", `${host}: ${reason}`, { host, reason }, options);
}
