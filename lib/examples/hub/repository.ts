import { createHash } from "node:crypto";

/** One file of a served repository. `bytes: null` with no `filePath` = listed, but its bytes cannot be had. */
export interface HubFile {
  readonly path: string;
  readonly bytes?: Uint8Array | null;
  /** Read from disk at each request instead of being kept in memory. Needs `size` and `gitOid`. */
  readonly filePath?: string;
  /** Bytes made when they are asked for: `read` gives exactly [start, end). Needs `gitOid` or `lfsSha256`. */
  readonly computed?: ComputedBytes;
  /** Computed from the bytes when absent. */
  readonly gitOid?: string | null;
  /** SHA-256 of the content: the file is then served the LFS way (pointer listed, content behind a signed address). */
  readonly lfsSha256?: string | null;
  /** Computed from the bytes when absent; null = the listing does not say. */
  readonly size?: number | null;
}

export interface ComputedBytes {
  readonly size: number;
  read(start: number, end: number): Uint8Array;
}

/** Where the bytes of a file come from. */
export type FileSource =
  | { readonly bytes: Uint8Array }
  | { readonly filePath: string }
  | { readonly computed: ComputedBytes };

/** A model repository at one commit, as the loopback Hub serves it. */
export interface HubRepository {
  /** "namespace/name" */
  readonly name: string;
  /** 40 hex digits: what `main` and `HEAD` point to. */
  readonly commit: string;
  readonly files: readonly HubFile[];
  readonly likes: number;
  readonly downloads: number;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
  readonly createdAt?: string;
  readonly gated?: false | "auto" | "manual";
  readonly private?: boolean;
  /** Title of the one commit that is listed. */
  readonly commitTitle?: string;
}

/** A file with everything its listing states worked out. */
export interface ListedHubFile {
  readonly path: string;
  readonly size: number | null;
  readonly oid: string;
  readonly lfs: { readonly oid: string; readonly size: number | null; readonly pointerSize: number } | null;
  readonly source: FileSource | null;
}

/** Git object id of a blob: sha1("blob <length>\0" + bytes). */
export function gitBlobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

/** The text git keeps in place of an LFS file (git-lfs specification, version 1). */
export function lfsPointer(sha256: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;
}

export function listedFile(file: HubFile): ListedHubFile {
  const bytes = file.bytes ?? null;
  const size = file.size !== undefined ? file.size : (bytes?.byteLength ?? file.computed?.size ?? null);
  const source = sourceOf(file);
  const pointer = file.lfsSha256 ? lfsPointer(file.lfsSha256, size ?? 0) : null;
  const hashed = pointer === null ? bytes : Buffer.from(pointer);
  const oid = file.gitOid ?? (hashed ? gitBlobId(hashed) : null);
  if (oid === null) throw new Error(`${file.path}: a file without bytes needs its git blob id`);
  const lfs = file.lfsSha256 && pointer ? { oid: file.lfsSha256, size, pointerSize: pointer.length } : null;
  return { path: file.path, size, oid, lfs, source };
}

function sourceOf({ bytes, filePath, computed }: HubFile): FileSource | null {
  if (bytes) return { bytes };
  if (filePath) return { filePath };
  return computed ? { computed } : null;
}

/** Code-unit order, as the Hub lists a recursive tree. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
