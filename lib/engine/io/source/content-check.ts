import { createHash } from "node:crypto";
import { EngineError } from "../../errors";
import type { ListedFile } from "./release";

/** Git's id of a blob: SHA-1 of "blob <length>\0" and the bytes. */
export function gitBlobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** Name of a file's content in the cache, or null when the listing gives no hash of it. */
export function contentName(file: ListedFile): string | null {
  if (file.lfsSha256 !== null) return `sha256:${file.lfsSha256}`;
  return file.gitOid === null ? null : `git:${file.gitOid}`;
}

/** Throws "source-changed" when the whole content of a file is not what its listing says. */
export function checkContent(file: ListedFile, bytes: Uint8Array): void {
  const sizeDiffers = file.size !== null && file.size !== bytes.length;
  const hashDiffers =
    file.lfsSha256 !== null
      ? createHash("sha256").update(bytes).digest("hex") !== file.lfsSha256
      : file.gitOid !== null && gitBlobId(bytes) !== file.gitOid;
  if (sizeDiffers || hashDiffers) throw changed(file.path);
}

export function changed(path: string): EngineError {
  return new EngineError("source-changed", `${path}: the bytes are not those that the listing states`, {
    path,
  });
}
