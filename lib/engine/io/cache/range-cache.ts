import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, statSync, writevSync } from "node:fs";
import { open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * What bytes are cached under. `content` names the whole file ("sha256:…" or "git:…"). A range cannot be checked
 * against a whole file's hash, so ranges are kept apart by the origin that served them; a verified whole file is not.
 */
export interface CacheKey {
  readonly content: string;
  readonly origin: string | null;
  readonly start: number;
  readonly end: number;
}

const hashBytes = 32;
const staleTempMs = 60 * 60 * 1000;
/**
 * Up to here an entry is written in one go: level 2 reads thousands of rows of an embedding, and four turns through the
 * thread pool for each of them cost ten times what the writing itself does.
 */
const smallBytes = 64 * 1024;

/**
 * Bounded cache on disk, shared by processes. An entry is SHA-256 (32 bytes) of the payload, then the payload;
 * written beside and renamed into place, verified on every read, the longest unused removed first.
 * It never fails a read: a cache that cannot be written or read is a cache that misses.
 */
export class RangeCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #made = new Set<string>();
  #writtenSinceSweep = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> | null = null;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  async get(key: CacheKey): Promise<Uint8Array | null> {
    const path = this.#pathOf(key);
    let stored: Buffer;
    try {
      // Most look-ups of a first run miss: told without an exception and without a turn through the thread pool.
      if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
      stored = await readFile(path);
    } catch {
      return null;
    }
    const payload = stored.subarray(hashBytes);
    const sound =
      payload.length === key.end - key.start && sha256(payload).equals(stored.subarray(0, hashBytes));
    if (!sound) {
      await rm(path, { force: true }).catch(() => {});
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => {});
    return payload;
  }

  async put(key: CacheKey, bytes: Uint8Array): Promise<void> {
    if (bytes.length + hashBytes > this.#maxBytes / 4) return;
    const path = this.#pathOf(key);
    const temporary = join(this.#folder, "tmp", randomBytes(12).toString("hex"));
    try {
      this.#makeFolder(join(this.#folder, "tmp"));
      this.#makeFolder(dirname(path));
      if (bytes.length <= smallBytes) {
        writeNew(temporary, bytes);
        renameSync(temporary, path);
      } else {
        const handle = await open(temporary, "wx");
        try {
          const { bytesWritten } = await handle.writev([sha256(bytes), bytes]);
          if (bytesWritten !== hashBytes + bytes.length) throw new Error("The disk is full");
        } finally {
          await handle.close();
        }
        await rename(temporary, path);
      }
    } catch {
      // The folders may have been removed meanwhile: the next entry makes them again.
      this.#made.clear();
      await rm(temporary, { force: true }).catch(() => {});
      return;
    }
    this.#writtenSinceSweep += bytes.length;
    if (this.#writtenSinceSweep > this.#maxBytes / 16) await this.#sweep();
  }

  #makeFolder(path: string): void {
    if (this.#made.has(path)) return;
    mkdirSync(path, { recursive: true });
    this.#made.add(path);
  }

  /** Removes the longest unused entries until the folder holds at most nine tenths of its bound. */
  async #sweep(): Promise<void> {
    this.#sweeping ??= this.#removeOldest().finally(() => {
      this.#sweeping = null;
      this.#writtenSinceSweep = 0;
    });
    await this.#sweeping;
  }

  async #removeOldest(): Promise<void> {
    const entries = await listEntries(this.#folder);
    let total = entries.reduce((sum, entry) => sum + entry.size, 0);
    const target = total > this.#maxBytes ? this.#maxBytes * 0.9 : this.#maxBytes;
    entries.sort((a, b) => a.usedAt - b.usedAt);
    for (const entry of entries) {
      const abandoned = entry.temporary && Date.now() - entry.usedAt > staleTempMs;
      if (!abandoned && (entry.temporary || total <= target)) continue;
      await rm(entry.path, { force: true }).catch(() => {});
      total -= entry.size;
    }
  }

  #pathOf(key: CacheKey): string {
    const name = sha256(
      Buffer.from(JSON.stringify([key.content, key.origin, key.start, key.end]), "utf8"),
    ).toString("hex");
    return join(this.#folder, "ranges", name.slice(0, 2), name);
  }
}

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
  readonly temporary: boolean;
}

async function listEntries(folder: string): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const part of ["ranges", "tmp"]) {
    const below = join(/* turbopackIgnore: true */ folder, part);
    const names = await readdir(/* turbopackIgnore: true */ below, { recursive: true }).catch(() => []);
    for (const name of names) {
      const path = join(/* turbopackIgnore: true */ below, name);
      const facts = await stat(/* turbopackIgnore: true */ path).catch(() => null);
      if (facts?.isFile()) {
        found.push({ path, size: facts.size, usedAt: facts.mtimeMs, temporary: part === "tmp" });
      }
    }
  }
  return found;
}

function writeNew(path: string, bytes: Uint8Array): void {
  const handle = openSync(path, "wx");
  try {
    const written = writevSync(handle, [sha256(bytes), bytes]);
    if (written !== hashBytes + bytes.length) throw new Error("The disk is full");
  } finally {
    closeSync(handle);
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
