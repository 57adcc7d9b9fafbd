import type { IncomingHttpHeaders } from "undici/types/header.js";
import type { RateFacts } from "./request-budget";

/**
 * Limits as a far side states them: RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers, old and
 * new spelling), X-RateLimit-* (epoch or delta seconds) and Retry-After (RFC 9110: seconds or a date).
 * Of several policies the one with the least left counts.
 */
export function readRateFacts(headers: IncomingHttpHeaders, now: number): RateFacts {
  const facts: { limit?: number; remaining?: number; reset?: number; retryAfter?: number } = {};
  const current = tightest(text(headers, "ratelimit"));
  const remaining =
    current?.remaining ??
    count(text(headers, "ratelimit-remaining")) ??
    count(text(headers, "x-ratelimit-remaining"));
  const reset =
    current?.reset ??
    count(text(headers, "ratelimit-reset")) ??
    secondsUntil(count(text(headers, "x-ratelimit-reset")), now);
  const limit =
    policyLimit(text(headers, "ratelimit-policy"), current?.name) ??
    count(text(headers, "ratelimit-limit")) ??
    count(text(headers, "x-ratelimit-limit"));
  const retryAfter = readRetryAfter(text(headers, "retry-after"), now);
  if (limit !== undefined) facts.limit = limit;
  if (remaining !== undefined) facts.remaining = remaining;
  if (reset !== undefined) facts.reset = reset;
  if (retryAfter !== undefined) facts.retryAfter = retryAfter;
  return facts;
}

function tightest(
  value: string | undefined,
): { name: string; remaining: number; reset?: number } | undefined {
  if (value === undefined) return undefined;
  let best: { name: string; remaining: number; reset?: number } | undefined;
  for (const item of value.slice(0, 2000).split(",")) {
    const remaining = count(/;\s*r=(\d+)/.exec(item)?.[1]);
    if (remaining === undefined || (best && best.remaining <= remaining)) continue;
    const reset = count(/;\s*t=(\d+)/.exec(item)?.[1]);
    const name = /^\s*"?([^";]*)/.exec(item)?.[1] ?? "";
    best = reset === undefined ? { name, remaining } : { name, remaining, reset };
  }
  return best;
}

function policyLimit(value: string | undefined, name: string | undefined): number | undefined {
  const items = value?.slice(0, 2000).split(",") ?? [];
  const named = items.find((item) => name !== undefined && item.includes(`"${name}"`)) ?? items[0];
  return count(/;\s*q=(\d+)/.exec(named ?? "")?.[1]);
}

function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = count(value.trim());
  if (seconds !== undefined) return seconds;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

// GitHub gives the epoch second of the reset; others give seconds from now.
function secondsUntil(value: number | undefined, now: number): number | undefined {
  if (value === undefined || value < 1_000_000_000) return value;
  return Math.max(0, value - Math.floor(now / 1000));
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(value.trim()) ? Number(value) : undefined;
}

function text(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
