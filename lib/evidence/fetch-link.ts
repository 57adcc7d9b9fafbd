import { createHash } from "node:crypto";
import { request } from "undici";
import { EngineError } from "@/lib/engine/errors";
import { createGuardedDispatcher } from "@/lib/engine/io/net/guarded-dispatcher";
import { webAddress } from "./links";

/** Bounds of one captured link. */
export const linkLimits = { bytes: 20 * 1024 * 1024, milliseconds: 30_000, redirects: 5 } as const;

export interface LinkAnswer {
  readonly finalUrl: string | null;
  readonly status: number | null;
  readonly contentType: string | null;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly failure: "address-refused" | "too-large" | "too-many-redirects" | "no-answer" | null;
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** An origin that no address has (RFC 6761). */
const nowhere = "https://slipmark.invalid";
type Dispatcher = ReturnType<typeof createGuardedDispatcher>;

/**
 * What an address answers to a stranger: no credentials, nothing compressed, public addresses only (`trusted` apart: an
 * origin that may lie inside the house; null for none). Hashes the body while it streams and keeps none
 * of it. Any HTTP status is an answer; only silence, refusal and excess are failures.
 */
export async function fetchLink(url: string, trusted: string | null): Promise<LinkAnswer> {
  const dispatcher = createGuardedDispatcher(new URL(trusted ?? nowhere));
  try {
    return await follow(url, dispatcher);
  } finally {
    await dispatcher.destroy();
  }
}

async function follow(first: string, dispatcher: Dispatcher): Promise<LinkAnswer> {
  const signal = AbortSignal.timeout(linkLimits.milliseconds);
  let at: string = first;
  try {
    for (let hop = 0; hop <= linkLimits.redirects; hop += 1) {
      const response = await request(at, {
        dispatcher,
        method: "GET",
        signal,
        headersTimeout: linkLimits.milliseconds,
        headers: { "user-agent": "slipmark", accept: "*/*", "accept-encoding": "identity" },
      });
      const { statusCode: status, headers } = response;
      if (redirects.has(status) && headers.location !== undefined) {
        response.body.on("error", () => {}).destroy();
        const location = String(headers.location);
        const next = URL.canParse(location, at) ? webAddress(new URL(location, at).href) : null;
        if (next === null) return nothing("address-refused", at);
        at = next;
        continue;
      }
      const contentType = String(headers["content-type"] ?? "").slice(0, 200) || null;
      const hash = createHash("sha256");
      let size = 0;
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > linkLimits.bytes) {
          response.body.on("error", () => {}).destroy();
          return { ...nothing("too-large", at), status, contentType };
        }
        hash.update(chunk);
      }
      return { finalUrl: at, status, contentType, size, sha256: hash.digest("hex"), failure: null };
    }
    return nothing("too-many-redirects", at);
  } catch (error) {
    return nothing(isRefusal(error) ? "address-refused" : "no-answer", at);
  }
}

function nothing(failure: NonNullable<LinkAnswer["failure"]>, finalUrl: string): LinkAnswer {
  return { finalUrl, status: null, contentType: null, size: null, sha256: null, failure };
}

// undici wraps what the guarded look-up threw.
function isRefusal(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if (at instanceof EngineError && at.code === "address-refused") return true;
  return false;
}
