/** Content-addressed bytes: a folder or an S3-compatible store. Keys are SHA-256 in hex. */
export interface BlobStore {
  /**
   * Stores bytes; idempotent. Resolves after the bytes are durable; with `durable: false` as soon as they can be read:
   * for copies that whoever writes them checks again after a crash.
   */
  put(
    bytes: Uint8Array,
    options?: { readonly durable?: boolean },
  ): Promise<{ readonly sha256: string; readonly size: number }>;
  /** Stores a file by streaming it. */
  putFile(path: string): Promise<{ readonly sha256: string; readonly size: number }>;
  has(sha256: string): Promise<boolean>;
  /** The bytes, checked against their hash; null when absent. */
  get(sha256: string): Promise<Uint8Array | null>;
  /** A web stream of the bytes; null when absent. */
  stream(sha256: string): Promise<ReadableStream<Uint8Array> | null>;
  delete(sha256: string): Promise<void>;
}
