import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { EngineError } from "../../errors";
import type { CompareParameters } from "../../result/document";
import { checkContent } from "../source/content-check";
import type { ReleaseReader } from "../source/release";
import { type CapsuleBlobs, capsuleReader } from "./capsule-reader";
import { blobFolder, type CapsuleManifest, manifestName, parseManifest } from "./manifest";
import { readTar, type TarEntry } from "./read-tar";

export interface Capsule {
  readonly original: ReleaseReader;
  readonly suspect: ReleaseReader;
  readonly ancestors: readonly ReleaseReader[];
  readonly controls: readonly ReleaseReader[];
  readonly parameters: CompareParameters;
  /** Files that the run read whole: their bytes are not in the capsule, so the run cannot be repeated from it. */
  readonly readWhole: number;
}

const MiB = 1024 * 1024;
// A run over a 70B pair with an ancestor keeps about 1.3 GB; nothing of it is held in memory here but the manifest.
const defaults = { maxBytes: 4096 * MiB, maxManifestBytes: 64 * MiB, maxFiles: 50_000, maxBlobs: 250_000 };
/** No read of a method is longer. */
const maxBlobBytes = 256 * MiB;

/**
 * Opens a capsule for reading and verifies all of it: names, order, sizes and hashes, that each range has its bytes
 * and each blob its range. Whatever is wrong with it is one "malformed-file"; a missing or oversized file is
 * "bad-input" or "too-large". The bytes stay in the file; they are checked again whenever they are read.
 */
export async function openCapsule(path: string, limits: Partial<typeof defaults> = {}): Promise<Capsule> {
  const { maxBytes, maxManifestBytes, maxFiles, maxBlobs } = { ...defaults, ...limits };
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new EngineError("bad-input", "There is no such capsule file", {});
  if (facts.size > maxBytes) {
    throw new EngineError("too-large", `The capsule is larger than ${maxBytes} bytes`, { limit: maxBytes });
  }
  try {
    const { manifestBytes, places } = await verify(path, maxManifestBytes, maxBlobs);
    const manifest = parseManifest(manifestBytes, maxFiles);
    const blobs: CapsuleBlobs = { read: (sha256) => readBlob(path, sha256, places.get(sha256)) };
    await checkBlobs(manifest, places, blobs);
    const later: CapsuleBlobs = {
      read: (sha256) =>
        blobs.read(sha256).catch((error: unknown) => {
          throw unusable(error);
        }),
    };
    const readers = (role: string) =>
      manifest.releases
        .filter((release) => release.role === role)
        .map((release) => capsuleReader(release, manifest.ranges, later));
    return {
      original: readers("original")[0] as ReleaseReader,
      suspect: readers("suspect")[0] as ReleaseReader,
      ancestors: readers("ancestor"),
      controls: readers("control"),
      parameters: manifest.parameters,
      readWhole: manifest.fullReads?.length ?? 0,
    };
  } catch (error) {
    throw unusable(error);
  }
}

interface Place {
  readonly offset: number;
  readonly size: number;
}

type Places = ReadonlyMap<string, Place>;

/** One pass over the whole archive: every blob has the hash that it is named after. */
async function verify(
  path: string,
  maxManifestBytes: number,
  maxBlobs: number,
): Promise<{ manifestBytes: Uint8Array; places: Places }> {
  const handle = await open(path, "r");
  try {
    let manifestBytes: Uint8Array | null = null;
    const places = new Map<string, Place>();
    let last = "";
    for await (const entry of readTar(handle)) {
      const { name, offset, size } = entry;
      if (manifestBytes === null) {
        if (name !== manifestName) throw new Error(`${manifestName} does not come first`);
        if (size > maxManifestBytes) throw new Error(`${manifestName} is too large`);
        manifestBytes = await entryBytes(entry);
        continue;
      }
      const hash = name.startsWith(blobFolder) ? name.slice(blobFolder.length) : "";
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error("an entry with a foreign name");
      if (hash <= last) throw new Error("blobs twice or out of order");
      if (places.size >= maxBlobs) throw new Error("too many entries");
      if (size > maxBlobBytes) throw new Error("a blob that is too large");
      const sha256 = createHash("sha256");
      for await (const piece of entry.pieces()) sha256.update(piece);
      if (sha256.digest("hex") !== hash) throw new Error("a blob with another hash");
      places.set(hash, { offset, size });
      last = hash;
    }
    if (manifestBytes === null) throw new Error("empty");
    return { manifestBytes, places };
  } finally {
    await handle.close();
  }
}

async function entryBytes(entry: TarEntry): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const piece of entry.pieces()) chunks.push(Buffer.from(piece));
  return Buffer.concat(chunks);
}

async function readBlob(path: string, sha256: string, place: Place | undefined): Promise<Uint8Array> {
  if (!place) throw new Error("the bytes of a range are missing");
  const bytes = new Uint8Array(place.size);
  const handle = await open(path, "r");
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, place.offset + done);
      if (bytesRead === 0) throw new Error("cut off");
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  // The file may have been altered since it was opened.
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw new Error("a blob with another hash");
  return bytes;
}

async function checkBlobs(manifest: CapsuleManifest, places: Places, blobs: CapsuleBlobs): Promise<void> {
  const files = new Map(
    manifest.releases.flatMap(({ role, position, files: listed }) =>
      listed.map((file) => [`${role} ${position} ${file.path}`, file] as const),
    ),
  );
  const used = new Set<string>();
  for (const range of manifest.ranges) {
    if (range.sha256 === null) continue;
    const size = places.get(range.sha256)?.size;
    if (size === undefined) throw new Error("the bytes of a range are missing");
    if (size !== range.end - range.start) throw new Error("a range with bytes of another length");
    used.add(range.sha256);
    const file = files.get(`${range.role} ${range.position} ${range.path}`);
    if (file && range.start === 0 && range.end === file.size) {
      checkContent(file, await blobs.read(range.sha256));
    }
  }
  if (used.size !== places.size) throw new Error("a blob that no range uses");
}

function unusable(error: unknown): EngineError {
  const what = error instanceof Error ? error.message.slice(0, 200) : "unreadable";
  return new EngineError("malformed-file", `The capsule cannot be used: ${what}`, { what }, { cause: error });
}
