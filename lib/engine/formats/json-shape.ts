import type { Json } from "../methods/method";

export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function objectAt(value: Json | undefined, key: string): JsonObject | null {
  const child = isObject(value) ? value[key] : undefined;
  return isObject(child) ? child : null;
}

/** Every text inside a value with its JSON Pointer (RFC 6901), in document order. */
export function* textsIn(value: Json, pointer = ""): Generator<{ pointer: string; text: string }> {
  if (typeof value === "string") yield { pointer, text: value };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, `${pointer}/${index}`);
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      yield* textsIn(value[key] as Json, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    }
  }
}

/**
 * A value cut to what a result should carry: long texts, lists and objects are shortened and say so. The same
 * input is always cut in the same way, so cutting never endangers the digest.
 */
export function bounded(value: Json, depth = 0): Json {
  if (typeof value === "string") return value.length > 300 ? `${value.slice(0, 300).toWellFormed()}…` : value;
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= 4) return "…";
  if (Array.isArray(value)) {
    const items = value.slice(0, 32).map((item: Json) => bounded(item, depth + 1));
    return value.length > 32 ? [...items, "…"] : items;
  }
  const keys = Object.keys(value);
  const entries = keys
    .slice(0, 32)
    .map((key) => [key, bounded((value as JsonObject)[key] as Json, depth + 1)]);
  return Object.fromEntries(keys.length > 32 ? [...entries, ["…", keys.length - 32]] : entries) as Json;
}
