import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** JSON in the one form of RFC 8785: keys by code unit, no space, numbers as ECMAScript writes them. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("Only JSON values have a canonical form");
  return text;
}

/** Equal as JSON values, whatever the layout, key order or way of writing a number. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** Lower-case hex SHA-256. Text is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}
