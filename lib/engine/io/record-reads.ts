import { createHash } from "node:crypto";
import type { CoveredFile, ReleaseReader } from "./source/release";

export type ReleaseRole = "original" | "suspect" | "ancestor" | "control";

/** Where a release stands in a comparison; position counts from 0 within a role. */
export interface ReleasePlace {
  readonly role: ReleaseRole;
  readonly position: number;
}

/** One range as a method asked for it. `sha256` is null when the bytes could not be had. */
export interface RecordedRange extends ReleasePlace {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly sha256: string | null;
}

/** A file of which every byte was read in a pass over everything. */
export interface RecordedFullRead extends ReleasePlace, CoveredFile {}

/** Bytes by their SHA-256 (lower-case hex). The capsule is written from one. */
export interface BlobSink {
  put(sha256: string, bytes: Uint8Array): void;
}

/**
 * Wraps a reader so that every range a method asks for is noted with its hash and, if a sink is given, kept.
 * The ranges are deduplicated and sorted (path, start, end) in code-unit order; caches below do not show in them.
 * A pass over everything goes through `full`: one record a file, and nothing of it is kept.
 */
export function recordReads(
  reader: ReleaseReader,
  place: ReleasePlace,
  sink?: BlobSink,
): { readonly reader: ReleaseReader; ranges(): RecordedRange[]; fullReads(): RecordedFullRead[] } {
  const covered = new Map<string, RecordedFullRead>();
  const seen = new Map<string, RecordedRange>();
  const sizes = new Map(reader.release.files.map((file) => [file.path, file.size]));

  const note = (path: string, start: number, end: number, bytes: Uint8Array | null): void => {
    const sha256 = bytes === null ? null : createHash("sha256").update(bytes).digest("hex");
    if (bytes !== null && sha256 !== null) sink?.put(sha256, bytes);
    seen.set(`${start} ${end} ${path}`, { ...place, path, start, end, sha256 });
  };

  return {
    reader: {
      release: reader.release,
      async read(path, start, end, signal) {
        const bytes = await reader.read(path, start, end, signal);
        note(path, start, end, bytes);
        return bytes;
      },
      async readWhole(path, limit, signal) {
        const bytes = await reader.readWhole(path, limit, signal);
        note(path, 0, bytes?.length ?? sizes.get(path) ?? 0, bytes);
        return bytes;
      },
      full: {
        read: (path, start, end, signal) => reader.read(path, start, end, signal),
        ...(reader.readInto ? { readInto: reader.readInto.bind(reader) } : {}),
        covered({ path, bytes, leaves, root }) {
          covered.set(path, { ...place, path, bytes, leaves, root });
        },
      },
    },
    ranges: () => [...seen.values()].sort(compareRanges),
    fullReads: () => [...covered.values()].sort((a, b) => compareText(a.path, b.path)),
  };
}

/** Role, position, path, start, end; strings by code unit. */
export function compareRanges(a: RecordedRange, b: RecordedRange): number {
  return (
    compareText(a.role, b.role) ||
    a.position - b.position ||
    compareText(a.path, b.path) ||
    a.start - b.start ||
    a.end - b.end
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
