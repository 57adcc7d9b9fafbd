import { EngineError } from "../../errors";
import { compareText } from "../record-reads";
import type { ListedFile, PinnedRelease } from "./release";

/**
 * Sorts a listing and refuses what no repository can hold: absolute or climbing paths, empty segments, duplicates,
 * sizes that are no whole numbers, malformed hashes, more files than the limit.
 */
export function checkListing(files: readonly ListedFile[], maxFiles: number): ListedFile[] {
  if (files.length > maxFiles) throw tooMany(maxFiles);
  const sorted = [...files].sort((a, b) => compareText(a.path, b.path));
  sorted.forEach((file, index) => {
    if (!isListedPath(file.path)) throw malformed(file.path, "not a path inside the repository");
    if (sorted[index - 1]?.path === file.path) throw malformed(file.path, "listed twice");
    if (file.size !== null && !(Number.isSafeInteger(file.size) && file.size >= 0)) {
      throw malformed(file.path, "impossible size");
    }
    if (file.gitOid !== null && !/^[0-9a-f]{40}$/.test(file.gitOid)) throw malformed(file.path, "bad git id");
    if (file.lfsSha256 !== null && !/^[0-9a-f]{64}$/.test(file.lfsSha256)) {
      throw malformed(file.path, "bad sha256");
    }
  });
  return sorted;
}

export function tooMany(maxFiles: number): EngineError {
  return new EngineError("too-large", `The release lists more than ${maxFiles} files`, { limit: maxFiles });
}

/** POSIX and relative, without empty, "." or ".." segments. A backslash is an ordinary character to Git. */
export function isListedPath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length <= 4096 &&
    !path.includes("\0") &&
    path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..")
  );
}

const indexes = new WeakMap<PinnedRelease, ReadonlyMap<string, ListedFile>>();

/** The listed file, or "bad-input": a method asked for a path that the release does not have. */
export function listedFile(release: PinnedRelease, path: string): ListedFile {
  let index = indexes.get(release);
  if (index === undefined) {
    index = new Map(release.files.map((file) => [file.path, file]));
    indexes.set(release, index);
  }
  const found = index.get(path);
  if (found) return found;
  throw new EngineError("bad-input", `${path} is not a file of this release`, { path });
}

/** Checks [start, end) against the listed size and the limit of one read. */
export function checkRange(file: ListedFile, start: number, end: number, maxBytes: number): void {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start;
  if (!whole || (file.size !== null && end > file.size)) {
    throw new EngineError("malformed-file", `${file.path}: range ${start}–${end} lies outside of the file`, {
      path: file.path,
      start,
      end,
    });
  }
  if (end - start > maxBytes) throw overLimit(file.path, maxBytes);
}

export function overLimit(path: string, limit: number): EngineError {
  return new EngineError("too-large", `${path} is larger than ${limit} bytes`, { path, limit });
}

function malformed(path: string, what: string): EngineError {
  const shown = path.slice(0, 200);
  return new EngineError("malformed-file", `The listing is unusable: ${JSON.stringify(shown)}: ${what}`, {
    path: shown,
    what,
  });
}
