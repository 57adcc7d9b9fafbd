import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LeafStore } from "../weights/full-pass-store";

/**
 * A folder with one small file for each unit, spread over 256 folders. Written beside and renamed into place: a process
 * that is killed leaves whole entries or none. A disk that fails costs only the resuming.
 */
export function folderLeafStore(folder: string): LeafStore {
  const place = (key: string) => {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new RangeError("a key is a SHA-256 in lower-case hex");
    return join(folder, key.slice(0, 2), key);
  };
  return {
    get: (key) => readFile(place(key)).catch(() => null),
    async put(key, value) {
      const path = place(key);
      const part = `${path}.${randomBytes(6).toString("hex")}.part`;
      try {
        await mkdir(join(folder, key.slice(0, 2)), { recursive: true });
        await writeFile(part, value);
        await rename(part, path);
      } catch {
        await rm(part, { force: true }).catch(() => {});
      }
    },
  };
}
