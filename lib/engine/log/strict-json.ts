import canonicalize from "canonicalize";
import { text } from "./bytes";
import { LogError } from "./errors";

/**
 * JSON in the one form of RFC 8785. The form is compared byte for byte, so duplicate keys, other orders, spaces, other
 * ways of writing a number, a byte order mark, and anything after the value are all refused.
 * Throws LogError "malformed".
 */
export function strictJson(bytes: Uint8Array): unknown {
  const source = text(bytes);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw new LogError("malformed", "not JSON");
  }
  let canonical: string | undefined;
  try {
    canonical = canonicalize(value);
  } catch {
    throw new LogError("malformed", "not JSON of RFC 8785");
  }
  if (canonical !== source)
    throw new LogError("malformed", "not in the canonical form of RFC 8785 (order, spaces, duplicate keys)");
  return value;
}

export function canonical(value: unknown): string {
  const source = canonicalize(value);
  if (source === undefined) throw new LogError("malformed", "only JSON values have a canonical form");
  return source;
}

/** A JSON object with exactly these keys. Throws LogError "malformed". */
export function requireKeys(value: unknown, keys: readonly string[], what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new LogError("malformed", `${what} is not a JSON object`);
  const found = Object.keys(value);
  if (found.length !== keys.length || !keys.every((key) => Object.hasOwn(value, key)))
    throw new LogError("malformed", `${what} does not have exactly the keys ${keys.join(", ")}`);
  return value as Record<string, unknown>;
}
