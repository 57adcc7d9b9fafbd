import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { canonicalJson } from "../../formats/canonical-json";
import type { CompareParameters } from "../../result/document";
import type { RecordedFullRead, RecordedRange, ReleasePlace } from "../record-reads";
import type { PinnedRelease } from "../source/release";
import { blobFolder, type CapsuleManifest, capsuleSchemaName, manifestName } from "./manifest";

/** What a capsule is made from; compare() returns it. */
export interface CapsuleContent {
  readonly releases: readonly (ReleasePlace & { readonly release: PinnedRelease })[];
  readonly ranges: readonly RecordedRange[];
  readonly fullReads?: readonly RecordedFullRead[];
  readonly blobs: { get(sha256: string): Uint8Array | undefined };
  readonly parameters: CompareParameters;
}

/**
 * Writes the very bytes that a run read as a plain tar: capsule.json first, then each blob once, sorted. No clock, user
 * or host goes into it, so the same run gives the same file, byte for byte. Written beside and renamed into place.
 */
export async function writeCapsule(path: string, content: CapsuleContent): Promise<void> {
  const manifest: CapsuleManifest = {
    schema: capsuleSchemaName,
    releases: content.releases.map(({ role, position, release }) => ({
      role,
      position,
      kind: release.kind,
      repository: release.repository,
      commit: release.commit,
      files: release.files.map(({ path, size, gitOid, lfsSha256 }) => ({ path, size, gitOid, lfsSha256 })),
    })),
    ranges: content.ranges.map(({ role, position, path, start, end, sha256 }) => ({
      role,
      position,
      path,
      start,
      end,
      sha256,
    })),
    ...(content.fullReads?.length ? { fullReads: [...content.fullReads] } : {}),
    parameters: content.parameters,
  };
  const hashes = new Set(manifest.ranges.map((range) => range.sha256).filter((hash) => hash !== null));
  const temporary = `${path}.${randomBytes(6).toString("hex")}.part`;
  const tar = pack();
  const written = pipeline(tar, createWriteStream(temporary, { flags: "wx" }));
  try {
    const entries = async () => {
      await addEntry(tar, manifestName, Buffer.from(canonicalJson(manifest), "utf8"));
      for (const hash of [...hashes].sort()) {
        const bytes = content.blobs.get(hash);
        if (!bytes) throw new Error(`The bytes of ${hash} were not kept`);
        await addEntry(tar, `${blobFolder}${hash}`, bytes);
      }
      tar.finalize();
    };
    await Promise.all([written, entries()]);
    await rename(temporary, path);
  } catch (error) {
    tar.destroy();
    await written.catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

function addEntry(tar: ReturnType<typeof pack>, name: string, bytes: Uint8Array): Promise<void> {
  const header = { name, size: bytes.length, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 };
  return new Promise((resolve, reject) => {
    tar.entry(header, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
