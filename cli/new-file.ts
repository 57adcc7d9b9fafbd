import { randomUUID } from "node:crypto";
import { link, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EngineError } from "../lib/engine/errors";

export interface NewFile {
  readonly name: string;
  readonly text: string | Uint8Array;
  /** Only its owner may read it. */
  readonly secret: boolean;
}

/**
 * A folder with these files, all of them or none: written beside it and renamed into its place. Throws EngineError
 * "bad-input" when there is something at that place already, but for an empty folder.
 */
export async function writeNewFolder(path: string, files: readonly NewFile[]): Promise<void> {
  await requireFree(path);
  await mkdir(dirname(path), { recursive: true });
  const part = await mkdtemp(`${path.replace(/[\\/]+$/, "")}.part-`);
  try {
    for (const { name, text, secret } of files) await writeSynced(join(part, name), [text], secret);
    await rename(part, path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOTEMPTY" || error.code === "EEXIST" || error.code === "ENOTDIR"
        ? taken(path)
        : error;
    });
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** Refuses a place where a folder of ours could not be made without writing over something. */
export async function requireFree(path: string): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts === null) return;
  if (!facts.isDirectory() || (await readdir(path)).length > 0) throw taken(path);
}

/**
 * A file, whole or not at all, and never over another one: where the same bytes stand already, it is left alone.
 * Throws EngineError "bad-input".
 */
export async function writeNewFile(
  path: string,
  pieces: readonly (string | Uint8Array)[],
  { secret }: { readonly secret: boolean },
): Promise<void> {
  const part = `${path}.part-${randomUUID()}`;
  try {
    await writeSynced(part, pieces, secret);
    // A link, unlike a rename, never takes another file's place.
    await link(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const [made, there] = await Promise.all([readFile(part), readFile(path)]);
    if (!made.equals(there)) throw taken(path);
  } finally {
    await rm(part, { force: true });
  }
}

async function writeSynced(
  path: string,
  pieces: readonly (string | Uint8Array)[],
  secret: boolean,
): Promise<void> {
  const file = await open(path, "wx", secret ? 0o600 : 0o644);
  try {
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

const taken = (path: string): EngineError =>
  new EngineError("bad-input", `${path} exists and stays as it is; name another place`);
