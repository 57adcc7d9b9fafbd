import { type Dispatcher, request } from "undici";
import { type CallProblem, largestRequest, largestResponse, sentText } from "../../canary/transcript";
import { chatError } from "../../canary/transcript/chat";
import { EngineError } from "../../errors";
import { sha256Hex } from "../../formats/canonical-json";
import { cancelledError, throwIfCancelled } from "../net/cancelled";
import { engineErrorIn, failureText } from "../net/failure";
import { createGuardedDispatcher, type Lookup } from "../net/guarded-dispatcher";
import { readRateFacts } from "../net/rate-headers";
import { readBody } from "../net/read-body";
import { type AskAdapter, type Attempt, type Outcome, type Patience, usualPatience } from "./adapter";
import { KeyGuard } from "./key-guard";

export interface ChatEndpointOptions {
  /** Base address as clients of such endpoints know it, http://127.0.0.1:8000/v1; "/chat/completions" may follow. */
  readonly url: string;
  readonly model: string;
  /** From the environment; sent as a bearer token to this origin alone. */
  readonly key: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether the address may lie inside of the network that asks: the CLI's own, an operator's. Else public only. */
  readonly trusted: boolean;
  readonly patience?: Partial<Patience>;
  /** Whole time of one call, in milliseconds. */
  readonly callMs?: number;
  /** Replaces the system's name service in tests. */
  readonly lookup?: Lookup;
}

// Some origin has to be named as the trusted one: this name can never be asked.
const nowhere = new URL("https://nowhere.invalid");

const forAllItems = new Set([401, 402, 403, 404, 405, 406, 407, 410, 421, 426]);
const passing = new Set([408, 425, 429, 502, 503, 504, 520, 521, 522, 523, 524, 529]);
const json = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/**
 * An endpoint that speaks OpenAI's chat completions, as vLLM, Ollama, llama.cpp server and hosted routers do; images go
 * as data URLs. Throws EngineError "bad-input" for an address that is none or carries a credential.
 */
export function chatEndpoint(options: ChatEndpointOptions): AskAdapter {
  const base = endpointAddress(options.url);
  const endpoint = base.href.replace(/\/$/, "");
  const target = new URL(`${endpoint}/chat/completions`);
  const guard = new KeyGuard(options.key);
  if (guard.present && !options.trusted && base.protocol !== "https:")
    throw new EngineError("bad-input", `${base.host}: a key is sent over https only`);
  const dispatcher = createGuardedDispatcher(options.trusted ? base : nowhere, options.lookup);
  const callMs = options.callMs ?? 300_000;
  const host = base.host;

  return {
    adapter: "openai-chat",
    endpoint,
    model: options.model,
    parameters: options.parameters as AskAdapter["parameters"],
    patience: { ...usualPatience, ...options.patience },
    async send(terms, item, image, signal) {
      throwIfCancelled(signal);
      const body = Buffer.from(sentText(terms, item, image && Buffer.from(image).toString("base64")));
      if (body.length - (item.image?.size ?? 0) * 1.4 > largestRequest)
        throw new EngineError("bad-input", `The request for item ${JSON.stringify(item.id)} is too long`);
      const requestSha256 = sha256Hex(body);
      const deadline = AbortSignal.timeout(callMs);
      try {
        const answer = await request(target, {
          dispatcher,
          method: "POST",
          signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
          headersTimeout: callMs,
          bodyTimeout: callMs,
          headers: {
            "content-type": "application/json",
            accept: "application/json",
            // Nothing compressed: an answer is as long as it says.
            "accept-encoding": "identity",
            "user-agent": "slipmark",
            ...guard.headers(),
          },
          body,
        });
        return await outcomeOf(answer, requestSha256);
      } catch (error) {
        if (signal?.aborted) throw cancelledError(error);
        const known = engineErrorIn(error);
        if (known) throw known;
        const code = String((error as { code?: unknown } | null)?.code);
        const timedOut = deadline.aborted || /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(code);
        if (timedOut) {
          const later = unreachable(`no complete answer within ${callMs / 1000} s`, error);
          return { later, waitMs: 0, otherwise: without(requestSha256, "timeout", null) };
        }
        return { later: unreachable(failureText(error), error), waitMs: 0 };
      }
    },
  };

  async function outcomeOf(answer: Dispatcher.ResponseData, requestSha256: string): Promise<Attempt> {
    const { statusCode: status, headers } = answer;
    const date = typeof headers.date === "string" ? headers.date : null;
    const problem = (code: CallProblem, response: Uint8Array | null, message: string | null): Outcome => {
      return { requestSha256, status, date, response, problem: code, message };
    };
    try {
      if (status >= 300 && status < 400) {
        throw new EngineError(
          "source-unreachable",
          `${host} redirects (HTTP ${status}); give the address that it leads to`,
          { host },
        );
      }
      const encoding = headers["content-encoding"];
      if (encoding !== undefined && encoding !== "identity")
        return { outcome: problem("wrong-content-type", null, "a compressed answer that was not asked for") };
      let bytes: Uint8Array;
      try {
        bytes = await readBody(answer, largestResponse, () => {});
      } catch (error) {
        if (!(error instanceof EngineError) || error.code !== "too-large") throw error;
        return { outcome: problem("too-large", null, error.message) };
      }
      guard.refuseEcho(bytes, host);
      if (status !== 200) return unsuccessful(answer, bytes, problem);
      if (!json.test(String(headers["content-type"] ?? "")))
        return { outcome: problem("wrong-content-type", bytes, "an answer that is not application/json") };
      return { outcome: { requestSha256, status, date, response: bytes, problem: null, message: null } };
    } finally {
      answer.body.on("error", () => {}).destroy();
    }
  }

  function unsuccessful(
    { statusCode: status, headers }: Dispatcher.ResponseData,
    bytes: Uint8Array,
    problem: (code: CallProblem, response: Uint8Array, message: string | null) => Outcome,
  ): Attempt {
    const said = errorText(bytes);
    const facts = readRateFacts(headers, Date.now());
    const limited = status === 429 || (status === 403 && facts.retryAfter !== undefined);
    if (limited || passing.has(status)) {
      const seconds = facts.retryAfter ?? (facts.remaining === 0 ? facts.reset : undefined) ?? 0;
      const text = `answered ${status}${seconds > 0 ? ` and asks to wait ${seconds} s` : ""}${said}`;
      const later = new EngineError(limited ? "rate-limited" : "source-unreachable", `${host} ${text}`, {
        host,
      });
      return { later, waitMs: seconds * 1000 };
    }
    if (forAllItems.has(status))
      throw new EngineError("source-unreachable", `${host} answered ${status}${said}`, { host });
    if (status < 300)
      return { outcome: problem("no-completion", bytes, `${host} answered ${status}, not 200`) };
    if (status < 500) return { outcome: problem("refused", bytes, `${host} answered ${status}${said}`) };
    const outcome = problem("failed", bytes, `${host} answered ${status}${said}`);
    return { later: unreachable(`answered ${status}${said}`), waitMs: 0, otherwise: outcome };
  }

  function unreachable(reason: string, cause?: unknown): EngineError {
    const options = cause === undefined ? {} : { cause };
    return new EngineError("source-unreachable", `${host}: ${reason}`, { host, reason }, options);
  }
}

/** The base address. No user, password, query or fragment: each of them may be a key. */
export function endpointAddress(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The text itself is not printed: it may hold a key.
    throw new EngineError("bad-input", "The endpoint must be an http or https address");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new EngineError("bad-input", "The endpoint must be an http or https address");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new EngineError(
      "bad-input",
      `The address of ${url.host} must not carry a user, a password or a query: keys come from the environment`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return url;
}

/** What a far side says of an error, for a message: one line, at most 200 characters, or nothing. */
function errorText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 64 * 1024)).toString("utf8");
  let said: string | null = null;
  try {
    said = chatError(JSON.parse(text));
  } catch {
    // A page of HTML says nothing that helps.
  }
  if (said === null) return "";
  const line = said.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return `: ${line.length > 200 ? `${line.slice(0, 199).toWellFormed()}…` : line}`;
}

function without(requestSha256: string, problem: CallProblem, message: string | null): Outcome {
  return { requestSha256, status: null, date: null, response: null, problem, message };
}
