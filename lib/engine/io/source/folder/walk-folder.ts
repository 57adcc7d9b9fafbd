import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { EngineError } from "../../../errors";
import { tooMany } from "../listing";

export interface LocalFile {
  /** Path inside the folder, with "/" between segments. */
  readonly path: string;
  /** Where it lies after symbolic links. */
  readonly location: string;
  readonly size: number;
  /** Milliseconds since 1970 at which its bytes last changed, as the file system says. */
  readonly changedAt: number;
}

/**
 * The ordinary files of a folder, sorted by nothing in particular. Hidden files and folders (.git and the like) are
 * left out. A symbolic link counts as the file it leads to; one that leads out of the folder is refused, because a
 * folder from a stranger must not publish what lies beside it.
 */
export async function walkFolder(folder: string, maxFiles: number): Promise<LocalFile[]> {
  const root = await realpath(folder);
  const found: LocalFile[] = [];
  const pending = [""];
  for (let inside = pending.pop(); inside !== undefined; inside = pending.pop()) {
    for (const entry of await readdir(join(root, inside), { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const location = await locate(root, path, entry.isSymbolicLink());
        const facts = await stat(location);
        if (!facts.isFile()) throw unusableLink(path, "leads to something that is not a file");
        found.push({ path, location, size: facts.size, changedAt: facts.mtimeMs });
        if (found.length > maxFiles) throw tooMany(maxFiles);
      }
    }
  }
  return found;
}

async function locate(root: string, path: string, isLink: boolean): Promise<string> {
  const plain = join(root, path);
  if (!isLink) return plain;
  const target = await realpath(plain).catch(() => null);
  if (target === null) throw unusableLink(path, "leads nowhere");
  if (!target.startsWith(root + sep)) throw unusableLink(path, "leads out of the folder");
  return target;
}

function unusableLink(path: string, what: string): EngineError {
  return new EngineError("bad-input", `${path} is a symbolic link that ${what}`, { path, what });
}
