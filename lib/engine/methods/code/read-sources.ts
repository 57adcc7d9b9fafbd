import { isUtf8 } from "node:buffer";
import { EngineError } from "../../errors";
import type { Grammar } from "../../io/grammars/load-grammar";
import type { ListedFile, ReleaseReader } from "../../io/source/release";
import { grammarOf } from "./languages";

export type SkipReason =
  | "vendored"
  | "too-large"
  | "beyond-budget"
  | "unavailable"
  | "not-text"
  | "minified"
  | "too-deep"
  | "too-many-tokens"
  | "unreadable";

export interface Source {
  readonly path: string;
  readonly grammar: Grammar;
  readonly text: string;
}

export interface Skipped {
  readonly path: string;
  readonly reason: SkipReason;
}

export interface Sources {
  readonly sources: readonly Source[];
  readonly skipped: readonly Skipped[];
}

const KiB = 1024;

/** What one release may cost. Chosen so that every limit ends in a listed, coded omission and never in an exception. */
const limits = { fileBytes: 512 * KiB, files: 20_000, totalBytes: 64 * KiB * KiB, parallel: 16 } as const;

/** Folders of other people's code, installed or built beside a program: common by nature. */
const vendored = new Set([
  "node_modules",
  "site-packages",
  "dist-packages",
  "bower_components",
  "vendor",
  "third_party",
  "__pycache__",
  ".git",
  ".venv",
  "venv",
  ".tox",
  ".eggs",
]);

/**
 * The source files of a release that can be read within the limits, in the order of their paths (code units), and
 * those left out with the reason. Whatever a stranger's file holds, it is left out with a code, never an exception.
 */
export async function readSources(reader: ReleaseReader, signal?: AbortSignal): Promise<Sources> {
  const sources: Source[] = [];
  const skipped: Skipped[] = [];
  const wanted: { file: ListedFile; grammar: Grammar }[] = [];
  let bytes = 0;
  for (const file of reader.release.files) {
    const grammar = grammarOf(file.path);
    if (grammar === null) continue;
    const size = file.size ?? 0;
    if (
      file.path
        .split("/")
        .slice(0, -1)
        .some((folder) => vendored.has(folder))
    ) {
      skipped.push({ path: file.path, reason: "vendored" });
    } else if (size > limits.fileBytes) skipped.push({ path: file.path, reason: "too-large" });
    else if (wanted.length >= limits.files || bytes + size > limits.totalBytes) {
      skipped.push({ path: file.path, reason: "beyond-budget" });
    } else {
      bytes += size;
      wanted.push({ file, grammar });
    }
  }
  for (let at = 0; at < wanted.length; at += limits.parallel) {
    signal?.throwIfAborted();
    const batch = wanted.slice(at, at + limits.parallel);
    const texts = await Promise.all(batch.map(({ file }) => readText(reader, file.path, signal)));
    for (const [i, { file, grammar }] of batch.entries()) {
      const read = texts[i] as string | { reason: SkipReason };
      if (typeof read === "string") sources.push({ path: file.path, grammar, text: read });
      else skipped.push({ path: file.path, reason: read.reason });
    }
  }
  return { sources, skipped };
}

async function readText(
  reader: ReleaseReader,
  path: string,
  signal?: AbortSignal,
): Promise<string | { reason: SkipReason }> {
  let bytes: Uint8Array | null;
  try {
    bytes = await reader.readWhole(path, limits.fileBytes, signal);
  } catch (error) {
    if (error instanceof EngineError && error.code === "too-large") return { reason: "too-large" };
    throw error;
  }
  if (bytes === null) return { reason: "unavailable" };
  if (!isUtf8(bytes) || bytes.includes(0)) return { reason: "not-text" };
  const text = new TextDecoder().decode(bytes);
  return isMinified(text) ? { reason: "minified" } : text;
}

/** Built rather than written: few, very long lines. Its names and layout are a tool's, not an author's. */
function isMinified(text: string): boolean {
  if (text.length < 2_000) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return text.length / lines > 250;
}
