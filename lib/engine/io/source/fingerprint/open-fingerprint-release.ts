import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { EngineError } from "../../../errors";
import { largestFingerprint, parseFingerprint } from "../../../fingerprint/document";
import { fingerprintFile } from "../../../fingerprint/source";
import { gitBlobId } from "../content-check";
import { contentCommit } from "../content-commit";
import { checkRange, listedFile, overLimit } from "../listing";
import type { PinnedRelease, ReleaseReader } from "../release";
import type { SourceIo } from "../source-io";
import type { SourceSpec } from "../spec";

/**
 * A fingerprint file as a release that lists this one file, so that its bytes are recorded, digested and put into the
 * capsule as those of any release. The file is judged here: what is no fingerprint, or was altered, is refused at once.
 */
export async function openFingerprintRelease(spec: SourceSpec, io: SourceIo): Promise<ReleaseReader> {
  const location = resolve(spec.repository);
  const name = basename(location);
  const facts = await stat(location).catch(() => null);
  if (!facts?.isFile()) {
    throw new EngineError("bad-input", `There is no file ${spec.repository}`, { file: name });
  }
  if (facts.size > largestFingerprint) throw overLimit(name, largestFingerprint);
  // Held in memory: what was judged is what is read, whatever happens to the file meanwhile.
  const bytes = await readFile(location);
  io.onBytes?.(bytes.length);
  parseFingerprint(bytes, name);
  return fingerprintReader(bytes, io.limits.maxReadBytes);
}

/** A reader of a fingerprint's bytes, wherever they came from. They must have been judged. */
export function fingerprintReader(bytes: Uint8Array, maxReadBytes: number): ReleaseReader {
  const file = {
    path: fingerprintFile,
    size: bytes.length,
    gitOid: gitBlobId(bytes),
    lfsSha256: createHash("sha256").update(bytes).digest("hex"),
  };
  const release: PinnedRelease = {
    kind: "fingerprint",
    repository: null,
    commit: contentCommit([file]),
    files: [file],
  };
  return {
    release,
    async read(path, start, end) {
      checkRange(listedFile(release, path), start, end, maxReadBytes);
      return bytes.slice(start, end);
    },
    async readWhole(path, limit) {
      listedFile(release, path);
      if (bytes.length > limit) throw overLimit(path, limit);
      return bytes.slice();
    },
  };
}
