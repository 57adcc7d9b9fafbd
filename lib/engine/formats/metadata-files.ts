import type { ListedFile, PinnedRelease, ReleaseReader } from "../io/source/release";
import type { Json } from "../methods/method";
import { parseStrictJson, type StrictJsonOptions } from "./strict-json";

const MiB = 1024 * 1024;

/** Metadata files the methods know, with the bytes that a reader will take in at most. */
export const metadataLimits = {
  "config.json": 4 * MiB,
  "generation_config.json": 1 * MiB,
  "preprocessor_config.json": 1 * MiB,
  "processor_config.json": 1 * MiB,
  "model.safetensors.index.json": 64 * MiB,
  "tokenizer.json": 64 * MiB,
  "tokenizer_config.json": 16 * MiB,
  "special_tokens_map.json": 4 * MiB,
  "added_tokens.json": 4 * MiB,
  "vocab.json": 32 * MiB,
  "merges.txt": 32 * MiB,
  "chat_template.jinja": 1 * MiB,
  "README.md": 4 * MiB,
} as const;

export type MetadataName = keyof typeof metadataLimits;
export const jsonMetadata = (Object.keys(metadataLimits) as MetadataName[]).filter((name) =>
  name.endsWith(".json"),
);

/** Where a metadata file of a release lies, or that it has none; "unavailable" = listed, but its bytes cannot be had. */
export type Found<T> =
  | { readonly state: "read"; readonly path: string; readonly value: T }
  | { readonly state: "unavailable"; readonly path: string }
  | { readonly state: "missing" };

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The file of that name a release means: at the root or one folder down; the shallowest wins, then the first in
 * code-unit order. Some releases keep everything in one folder (the founding case's `llama3v/config.json`), while
 * deeper ones are samples, tests or other models. The path chosen is part of every result.
 */
export function locate(release: PinnedRelease, name: string): ListedFile | null {
  const candidates = release.files.filter((file) => baseName(file.path) === name && depthOf(file.path) <= 1);
  candidates.sort((a, b) => depthOf(a.path) - depthOf(b.path) || byCodeUnit(a.path, b.path));
  return candidates[0] ?? null;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

export function depthOf(path: string): number {
  return path.split("/").length - 1;
}

export async function readMetadata(
  reader: ReleaseReader,
  name: MetadataName,
  signal?: AbortSignal,
): Promise<Found<Uint8Array>> {
  const file = locate(reader.release, name);
  if (file === null) return { state: "missing" };
  const bytes = await reader.readWhole(file.path, metadataLimits[name], signal);
  return bytes === null
    ? { state: "unavailable", path: file.path }
    : { state: "read", path: file.path, value: bytes };
}

/** As readMetadata, parsed strictly. Integers beyond 2^53 are kept exactly: they occur in honest tokenizer files. */
export async function readJsonMetadata(
  reader: ReleaseReader,
  name: MetadataName,
  signal?: AbortSignal,
  options: StrictJsonOptions = { hugeIntegers: "keep" },
): Promise<Found<Json>> {
  const found = await readMetadata(reader, name, signal);
  if (found.state !== "read") return found;
  return { ...found, value: parseStrictJson(found.value, found.path, options) };
}
