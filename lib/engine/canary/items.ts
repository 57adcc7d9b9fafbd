import { z } from "zod";
import { canonical } from "../log";
import type { Json } from "../methods/method";
import { utf8 } from "./bytes";
import { CanaryError } from "./errors";
import { type ImageFacts, imageFactsSchema } from "./image";
import { jsonLines, strictJsonOf } from "./json-lines";
import { limits } from "./limits";

/** One item as it is committed: its canonical JSON is what the commitment hashes. */
export interface CanaryItem {
  readonly id: string;
  readonly prompt?: string;
  readonly image?: ImageFacts;
  readonly answer?: string;
  readonly options?: readonly string[];
}

/** One item as an author writes it: the image is a path relative to the file. */
export interface WrittenItem extends Omit<CanaryItem, "image"> {
  readonly image?: string;
}

const text = z.string().min(1);
const common = {
  id: text,
  prompt: text.optional(),
  answer: text.optional(),
  options: z.array(text).min(2).max(4096).optional(),
};
const writtenItem = z.strictObject({ ...common, image: text.max(1024).optional() });
const committedItem = z.strictObject({ ...common, image: imageFactsSchema.optional() });

/**
 * Items as authors write them: JSON Lines, UTF-8, one object a line. Ids come back in NFC. Throws CanaryError naming
 * line and fault: not UTF-8, not JSON, unknown fields, a prompt and an image both missing, ids that are one id.
 */
export function parseItems(source: Uint8Array | string, what = "The file of items"): WrittenItem[] {
  const items: WrittenItem[] = [];
  const ids = new Ids();
  const most = { what, lines: limits.items, lineBytes: 8 * limits.itemBytes };
  for (const { line, value } of jsonLines(source, most)) {
    const name = `${what}, line ${line}`;
    const item = withNfcId(shapeOf(writtenItem, value, name));
    ids.add(item.id, name, items.length);
    items.push(item);
  }
  if (items.length === 0) throw new CanaryError("no-items", `${what} has no items`);
  return items;
}

/**
 * The item of an opening, from its canonical JSON. Throws CanaryError "malformed", "bad-item", "bad-id" or "too-large"
 * where the bytes are no item in canonical form.
 */
export function parseItem(source: string, what = "The item"): CanaryItem {
  const bytes = utf8(source);
  requireSize(bytes, what);
  const item = shapeOf(committedItem, strictJsonOf(bytes, what), what);
  requireId(item.id, what);
  if (item.id !== item.id.normalize("NFC")) throw new CanaryError("bad-id", `${what}: the id is not in NFC`);
  if (canonical(item) !== source) throw new CanaryError("bad-item", `${what} is not in canonical form`);
  return item;
}

/** Canonical JSON (RFC 8785) as UTF-8: what is hashed. Throws CanaryError "too-large" beyond 64 KiB. */
export function itemBytes(item: CanaryItem): Uint8Array {
  const bytes = utf8(canonical(item));
  requireSize(bytes, `The item ${JSON.stringify(item.id)}`, item.id);
  return bytes;
}

/** Items with one id after another, none of them twice, whatever they came from. Throws CanaryError. */
export function requireDistinctIds(items: readonly { readonly id: string }[]): void {
  const ids = new Ids();
  items.forEach(({ id }, index) => {
    ids.add(id, `Item ${index}`, index);
  });
}

/** What an id is compared by: answers name their item in whatever form a keyboard makes. */
export const idKey = (id: string): string => id.normalize("NFC");

/** Ids seen so far, as they are written and as they look. */
class Ids {
  readonly #byLook = new Map<string, { id: string; name: string }>();

  add(id: string, name: string, index: number): void {
    requireId(id, name, index);
    const key = idKey(id);
    const look = looksLike(key);
    const earlier = this.#byLook.get(look);
    if (earlier?.id === key)
      throw new CanaryError(
        "duplicate-id",
        `${name}: the id ${quote(id)} is also that of ${earlier.name}`,
        index,
      );
    if (earlier !== undefined)
      throw new CanaryError(
        "confusable-id",
        `${name}: the id ${quote(id)} differs from that of ${earlier.name} only in invisible characters`,
        index,
      );
    this.#byLook.set(look, { id: key, name });
  }
}

// Format characters (joiners, marks of direction, byte order marks) and whatever else has no glyph of its own.
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const looksLike = (id: string): string => id.replace(invisible, "").normalize("NFC");

function requireId(id: string, name: string, index?: number): void {
  if (!id.isWellFormed() || /\p{Cc}|[\u2028\u2029]/u.test(id))
    throw new CanaryError("bad-id", `${name}: the id has control characters`, index);
  if ([...id].length > limits.idLength)
    throw new CanaryError("bad-id", `${name}: the id is longer than ${limits.idLength} characters`, index);
  if (id !== id.trim()) throw new CanaryError("bad-id", `${name}: the id begins or ends with a space`, index);
  if (looksLike(id).trim() === "")
    throw new CanaryError("bad-id", `${name}: the id has no visible character`, index);
}

function withNfcId<T extends { readonly id: string }>(item: T): T {
  return { ...item, id: idKey(item.id) };
}

function shapeOf<T extends z.ZodType<{ prompt?: string | undefined; image?: unknown }>>(
  schema: T,
  value: Json,
  name: string,
): Exact<z.output<T>> {
  const found = schema.safeParse(value);
  if (!found.success) {
    const [issue] = found.error.issues;
    const place = issue?.path.length ? ` (${issue.path.join(".")})` : "";
    throw new CanaryError("bad-item", `${name} is not an item: ${issue?.message ?? "wrong shape"}${place}`);
  }
  if (found.data.prompt === undefined && found.data.image === undefined)
    throw new CanaryError("bad-item", `${name} has neither a prompt nor an image`);
  return found.data as Exact<z.output<T>>;
}

/** zod writes absent keys as `?: T | undefined`; a parsed object has them or not. */
type Exact<T> = { [K in keyof T]: Exclude<T[K], undefined> } & {};

function requireSize(bytes: Uint8Array, name: string, id?: string): void {
  if (bytes.length > limits.itemBytes)
    throw new CanaryError("too-large", `${name} is longer than ${limits.itemBytes} bytes`, id);
}

function quote(text: string): string {
  const short = [...text].length > 40 ? `${[...text].slice(0, 40).join("")}…` : text;
  return JSON.stringify(short).replace(invisible, (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`);
}
