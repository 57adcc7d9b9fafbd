/** Kinds of places a release can be read from. One folder per adapter beside this file. */
export type SourceKind = "hf" | "github" | "folder" | "fingerprint";

/** One file of a release as its listing states it. Nothing here was computed from bytes unless the adapter says so. */
export interface ListedFile {
  /** Path inside the repository: POSIX, relative, no "." or ".." segment. */
  readonly path: string;
  /** Bytes; null when the listing does not say. For LFS files the size of the content, not of the pointer. */
  readonly size: number | null;
  /** Git object id of the blob (40 hex); for LFS files the id of the pointer. */
  readonly gitOid: string | null;
  /** SHA-256 of the content (64 hex) for LFS files; null otherwise. */
  readonly lfsSha256: string | null;
}

/** A release pinned to one full commit. Everything in it holds still. */
export interface PinnedRelease {
  readonly kind: SourceKind;
  /** "org/name" for hf and github; null for a folder that does not say whose it is. */
  readonly repository: string | null;
  /** 40 hex digits; for a plain folder the id of its Git tree (content-commit.ts), null where a file is too large to hash. */
  readonly commit: string | null;
  /**
   * When the host created the repository (ISO 8601), where it says so: unlike a commit's date, nobody else sets it. Only
   * for refusing an ancestor that is younger than what it is to explain; not part of any result.
   */
  readonly createdAt?: string;
  /** Sorted by path in code-unit order, no duplicates. */
  readonly files: readonly ListedFile[];
}

/**
 * Bytes of one pinned release, by range. Implementations: hub, github, folder, capsule.
 *
 * `read` resolves to exactly `end - start` bytes, or to null when the file is listed but its bytes cannot be had
 * (deleted upstream, or absent from a folder with a recorded listing). Anything else that goes wrong is an EngineError.
 */
export interface ReleaseReader {
  readonly release: PinnedRelease;
  /** Bytes [start, end) of a listed file. `end` may not exceed the listed size where one is stated. */
  read(path: string, start: number, end: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  /**
   * The whole of a listed file of at most `limit` bytes; null when its bytes cannot be had.
   * Throws "too-large" beyond the limit. This is how methods read metadata files.
   */
  readWhole(path: string, limit: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  /**
   * Where bytes need no copy: [start, start + to.length) into `to`, which may be memory that threads share. False where
   * `read` would give null.
   */
  readInto?(path: string, start: number, to: Uint8Array, signal?: AbortSignal): Promise<boolean>;
  /**
   * Names of the content of files whose listing gives no hash, by path: good on this machine and for taking up a stopped
   * pass only (place, size and time of change). Never part of a result.
   */
  readonly localNames?: ReadonlyMap<string, string>;
  /** Where reads are recorded: those of a pass over everything, which are recorded as one. */
  readonly full?: FullReads;
}

/**
 * A pass over everything (level 3) reads too much to be kept: its reads are neither recorded one by one nor is their
 * content kept for the capsule. In their place stands one record for each file.
 */
export interface FullReads {
  readonly read: ReleaseReader["read"];
  readonly readInto?: ReleaseReader["readInto"];
  /** Says that every byte of a file was read, and what it was. */
  covered(file: CoveredFile): void;
}

export interface CoveredFile {
  readonly path: string;
  readonly bytes: number;
  /** Leaves: at most 1 MiB each, counted from the first byte of each tensor and of each stretch between tensors. */
  readonly leaves: number;
  /** RFC 6962 Merkle tree hash over the SHA-256 of the leaves, in the order of the file (weights/full-pass-merkle.ts). */
  readonly root: string;
}
