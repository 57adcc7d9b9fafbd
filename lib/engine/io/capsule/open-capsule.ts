import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { EngineError } from "../../errors";
import type { CompareParameters } from "../../result/document";
import { checkContent } from "../source/content-check";
import type { ReleaseReader } from "../source/release";
import { capsuleReader } from "./capsule-reader";
import { blobFolder, type CapsuleManifest, manifestName, parseManifest } from "./manifest";

export interface Capsule {
  readonly original: ReleaseReader;
  readonly suspect: ReleaseReader;
  readonly ancestors: readonly ReleaseReader[];
  readonly controls: readonly ReleaseReader[];
  readonly parameters: CompareParameters;
}

const MiB = 1024 * 1024;
const defaults = { maxBytes: 512 * MiB, maxManifestBytes: 64 * MiB, maxFiles: 50_000 };
const maxBlobs = 100_000;

/**
 * Opens a capsule for reading and verifies all of it: names, order, sizes and hashes, that each range has its bytes
 * and each blob its range. Whatever is wrong with it is one "malformed-file"; a missing or oversized file is
 * "bad-input" or "too-large".
 */
export async function openCapsule(path: string, limits: Partial<typeof defaults> = {}): Promise<Capsule> {
  const { maxBytes, maxManifestBytes, maxFiles } = { ...defaults, ...limits };
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) throw new EngineError("bad-input", "There is no such capsule file", {});
  if (facts.size > maxBytes) {
    throw new EngineError("too-large", `The capsule is larger than ${maxBytes} bytes`, { limit: maxBytes });
  }
  try {
    const { manifestBytes, blobs } = await readTar(path, maxManifestBytes);
    const manifest = parseManifest(manifestBytes, maxFiles);
    checkBlobs(manifest, blobs);
    const readers = (role: string) =>
      manifest.releases
        .filter((release) => release.role === role)
        .map((release) => capsuleReader(release, manifest.ranges, blobs));
    return {
      original: readers("original")[0] as ReleaseReader,
      suspect: readers("suspect")[0] as ReleaseReader,
      ancestors: readers("ancestor"),
      controls: readers("control"),
      parameters: manifest.parameters,
    };
  } catch (error) {
    const what = error instanceof Error ? error.message.slice(0, 200) : "unreadable";
    throw new EngineError(
      "malformed-file",
      `The capsule cannot be used: ${what}`,
      { what },
      { cause: error },
    );
  }
}

async function readTar(
  path: string,
  maxManifestBytes: number,
): Promise<{ manifestBytes: Uint8Array; blobs: Map<string, Uint8Array> }> {
  const tar = extract();
  const fed = pipeline(createReadStream(path), tar);
  fed.catch(() => {});
  let manifestBytes: Uint8Array | null = null;
  const blobs = new Map<string, Uint8Array>();
  let last = "";
  for await (const entry of tar) {
    const { name, type, size, pax } = entry.header;
    if (type !== "file" || pax) throw new Error("an entry that is not a plain file");
    if (manifestBytes === null) {
      if (name !== manifestName) throw new Error(`${manifestName} does not come first`);
      if ((size ?? 0) > maxManifestBytes) throw new Error(`${manifestName} is too large`);
      manifestBytes = await entryBytes(entry);
      continue;
    }
    const hash = name.startsWith(blobFolder) ? name.slice(blobFolder.length) : "";
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error("an entry with a foreign name");
    if (hash <= last) throw new Error("blobs twice or out of order");
    if (blobs.size >= maxBlobs) throw new Error("too many entries");
    const bytes = await entryBytes(entry);
    if (createHash("sha256").update(bytes).digest("hex") !== hash)
      throw new Error("a blob with another hash");
    blobs.set(hash, bytes);
    last = hash;
  }
  await fed;
  if (manifestBytes === null) throw new Error("empty");
  return { manifestBytes, blobs };
}

async function entryBytes(
  entry: AsyncIterable<unknown> & { header: { size?: number } },
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== (entry.header.size ?? 0)) throw new Error("an entry shorter than it says");
  return bytes;
}

function checkBlobs(manifest: CapsuleManifest, blobs: ReadonlyMap<string, Uint8Array>): void {
  const used = new Set<string>();
  for (const range of manifest.ranges) {
    if (range.sha256 === null) continue;
    const bytes = blobs.get(range.sha256);
    if (!bytes) throw new Error("the bytes of a range are missing");
    if (bytes.length !== range.end - range.start) throw new Error("a range with bytes of another length");
    used.add(range.sha256);
    const release = manifest.releases.find(
      (one) => one.role === range.role && one.position === range.position,
    );
    const file = release?.files.find((one) => one.path === range.path);
    if (file && range.start === 0 && range.end === file.size) checkContent(file, bytes);
  }
  if (used.size !== blobs.size) throw new Error("a blob that no range uses");
}
