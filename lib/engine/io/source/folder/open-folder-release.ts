import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { EngineError } from "../../../errors";
import { changed, checkContent } from "../content-check";
import { contentCommit } from "../content-commit";
import { checkListing, checkRange, listedFile, overLimit } from "../listing";
import type { ListedFile, PinnedRelease, ReleaseReader } from "../release";
import type { SourceIo } from "../source-io";
import type { SourceSpec } from "../spec";
import { createHeldFile } from "./held-file";
import { parseRecordedListing } from "./recorded-listing";
import { type LocalFile, walkFolder } from "./walk-folder";

const recordName = "tree.json";
// Beyond this the git id of a plain folder's file is not worth the reading: such files live in LFS on a host.
const largestHashed = 64 * 1024 * 1024;

/**
 * A local folder. With a recorded listing (tree.json) the release is the recorded one, and local files stand for the
 * listed files whose content they hold, wherever they lie; without, the release is the folder as it is.
 */
export async function openFolderRelease(spec: SourceSpec, io: SourceIo): Promise<ReleaseReader> {
  const folder = resolve(spec.repository);
  const facts = await stat(folder).catch(() => null);
  if (!facts?.isDirectory()) {
    throw new EngineError("bad-input", `There is no folder ${spec.repository}`, { folder: basename(folder) });
  }
  const local = await walkFolder(folder, io.limits.maxFiles);
  const record = local.find((file) => file.path === recordName);
  if (record && record.size <= io.limits.maxListingBytes) {
    const listing = parseRecordedListing(await readFile(record.location), io.limits.maxFiles);
    if (listing) {
      const release: PinnedRelease = { kind: "folder", ...listing };
      const others = local.filter((file) => file !== record);
      return createFolderReader(release, await matchByContent(listing.files, others), io);
    }
  }
  const files: ListedFile[] = [];
  for (const file of local) {
    const hashed = file.size <= largestHashed;
    const gitOid = hashed ? await hashFile(file, createHash("sha1").update(`blob ${file.size}\0`)) : null;
    files.push({ path: file.path, size: file.size, gitOid, lfsSha256: null });
  }
  const release: PinnedRelease = {
    kind: "folder",
    repository: null,
    commit: contentCommit(files),
    files: checkListing(files, io.limits.maxFiles),
  };
  return createFolderReader(release, new Map(local.map((file) => [file.path, file])), io);
}

/** Listed path → the local file with the listed content. A file of the right name but other content is not it. */
async function matchByContent(
  listed: readonly ListedFile[],
  local: readonly LocalFile[],
): Promise<Map<string, LocalFile>> {
  const found = new Map<string, LocalFile>();
  for (const file of local) {
    const candidates = listed.filter(
      (one) => (one.size === null || one.size === file.size) && !found.has(one.path),
    );
    if (candidates.length === 0) continue;
    const needsSha256 = candidates.some((one) => one.lfsSha256 !== null);
    const needsGitOid = candidates.some((one) => one.lfsSha256 === null);
    const sha256 = needsSha256 ? await hashFile(file, createHash("sha256")) : null;
    const gitOid = needsGitOid
      ? await hashFile(file, createHash("sha1").update(`blob ${file.size}\0`))
      : null;
    for (const one of candidates) {
      const same = one.lfsSha256 !== null ? one.lfsSha256 === sha256 : one.gitOid === gitOid;
      if (same) found.set(one.path, file);
    }
  }
  return found;
}

function localNames(
  { files }: PinnedRelease,
  locations: ReadonlyMap<string, LocalFile>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { path, gitOid, lfsSha256 } of files) {
    const file = locations.get(path);
    if (!file || gitOid !== null || lfsSha256 !== null) continue;
    const facts = `${file.location}\n${file.size}\n${file.changedAt}`;
    names.set(path, createHash("sha1").update(facts).digest("hex"));
  }
  return names;
}

async function hashFile(file: LocalFile, hash: Hash): Promise<string> {
  for await (const chunk of createReadStream(file.location)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

function createFolderReader(
  release: PinnedRelease,
  locations: ReadonlyMap<string, LocalFile>,
  io: SourceIo,
): ReleaseReader {
  const held = createHeldFile();

  async function fill(path: string, start: number, to: Uint8Array): Promise<boolean> {
    const file = locations.get(path);
    const filled = file
      ? await held.use(file.location, async (handle) => {
          for (let done = 0; done < to.length; ) {
            const { bytesRead } = await handle.read(to, done, to.length - done, start + done);
            if (bytesRead === 0) throw changed(path);
            done += bytesRead;
          }
          return true;
        })
      : null;
    if (filled) io.onBytes?.(to.length);
    return filled === true;
  }

  async function readRange(path: string, start: number, end: number): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(end - start);
    return (await fill(path, start, bytes)) ? bytes : null;
  }

  return {
    release,
    localNames: localNames(release, locations),
    async read(path, start, end) {
      const file = listedFile(release, path);
      checkRange(file, start, end, io.limits.maxReadBytes);
      return readRange(path, start, end);
    },
    async readInto(path, start, to) {
      checkRange(listedFile(release, path), start, start + to.length, io.limits.maxReadBytes);
      return fill(path, start, to);
    },
    async readWhole(path, limit) {
      const file = listedFile(release, path);
      const size = file.size ?? locations.get(path)?.size ?? 0;
      const most = Math.min(limit, io.limits.maxReadBytes);
      if (size > most) throw overLimit(path, most);
      const bytes = await readRange(path, 0, size);
      if (bytes !== null) checkContent(file, bytes);
      return bytes;
    },
  };
}
