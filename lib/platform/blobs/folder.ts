import { createHash, randomBytes } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { access, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isSha256, verifying } from "./hash";
import type { BlobStore } from "./index";

/**
 * Blobs as files: <folder>/ab/cd/abcd…. Written beside, synced, then renamed: a reader sees a whole blob or none,
 * also after a power cut.
 */
export function folderBlobs(folder: string): BlobStore {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  const has = (sha256: string) =>
    isSha256(sha256)
      ? access(pathOf(sha256)).then(
          () => true,
          () => false,
        )
      : Promise.resolve(false);

  const newTemporary = async () => {
    const temporary = join(folder, "tmp", randomBytes(12).toString("hex"));
    await mkdir(dirname(temporary), { recursive: true });
    return temporary;
  };

  const keep = async (temporary: string, sha256: string) => {
    const target = pathOf(sha256);
    await mkdir(dirname(target), { recursive: true });
    await rename(temporary, target);
    await syncFolder(dirname(target));
  };

  return {
    has,
    async put(bytes, { durable = true } = {}) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      if (!durable) {
        putQuickly(folder, pathOf(sha256), bytes);
        return { sha256, size: bytes.byteLength };
      }
      if (!(await has(sha256))) {
        const temporary = await newTemporary();
        try {
          const file = await open(temporary, "wx");
          try {
            await file.writeFile(bytes);
            await file.sync();
          } finally {
            await file.close();
          }
          await keep(temporary, sha256);
        } catch (error) {
          await rm(temporary, { force: true });
          throw error;
        }
      }
      return { sha256, size: bytes.byteLength };
    },
    async putFile(path) {
      const temporary = await newTemporary();
      try {
        const hash = createHash("sha256");
        let size = 0;
        // Hashed while copying: the source may change under us, the copy does not.
        await pipeline(
          createReadStream(path),
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              hash.update(chunk);
              size += chunk.byteLength;
              yield chunk;
            }
          },
          createWriteStream(temporary, { flags: "wx", flush: true }),
        );
        const sha256 = hash.digest("hex");
        if (await has(sha256)) await rm(temporary, { force: true });
        else await keep(temporary, sha256);
        return { sha256, size };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async get(sha256) {
      if (!isSha256(sha256)) return null;
      const bytes = await readFile(pathOf(sha256)).catch(absent);
      if (bytes === null) return null;
      if (createHash("sha256").update(bytes).digest("hex") !== sha256)
        throw new Error(`blob ${sha256} is damaged on disk`);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    async stream(sha256) {
      if (!(await has(sha256))) return null;
      const chunks = createReadStream(pathOf(sha256));
      return (Readable.toWeb(chunks) as ReadableStream<Uint8Array>).pipeThrough(verifying(sha256));
    },
    async delete(sha256) {
      if (isSha256(sha256)) await rm(pathOf(sha256), { force: true });
    },
  };
}

/**
 * Whole or not at all, but not forced to the disk. Synchronous: for many small files in a row that costs a quarter of
 * what the thread pool takes.
 */
function putQuickly(folder: string, target: string, bytes: Uint8Array): void {
  if (existsSync(target)) return;
  const temporary = join(folder, "tmp", randomBytes(12).toString("hex"));
  try {
    inFolder(temporary, () => writeFileSync(temporary, bytes, { flag: "wx" }));
    inFolder(target, () => renameSync(temporary, target));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes the folder only where it is missing. */
function inFolder(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true });
    write();
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

/** Makes the rename durable. Some file systems refuse to sync a folder; then the rename is as durable as it gets. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
