import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { byPath, gitBlobId, type HubFile, type HubRepository } from "./repository";

interface RecordedListing {
  readonly commit: string;
  readonly files: readonly {
    readonly path: string;
    readonly oid: string;
    readonly size: number | null;
    readonly lfs?: { readonly sha256: string; readonly size: number; readonly pointerSize: number };
  }[];
}

const unknownFacts = { likes: 0, downloads: 0, lastModified: "1970-01-01T00:00:00.000Z" };
type Facts = Partial<Omit<HubRepository, "name" | "files">>;

/**
 * A folder with a recorded listing (tree.json: commit and files as a Hub listed them). Local bytes are matched to
 * listed paths by git blob id, so files lying flat are served under their listed path; listed files without local
 * bytes stay listed, and asking for them is answered as a missing entry. A size of null stays unknown.
 */
export async function repositoryFromRecordedFolder(
  folder: string,
  name: string,
  facts: Facts = {},
): Promise<HubRepository> {
  const listing = JSON.parse(await readFile(join(folder, "tree.json"), "utf8")) as RecordedListing;
  const local = new Map<string, Uint8Array>();
  for (const file of await filesBelow(folder)) {
    if (file === "tree.json") continue;
    const bytes = await readFile(join(folder, file));
    local.set(gitBlobId(bytes), bytes);
  }
  const files = listing.files.map(
    (file): HubFile => ({
      path: file.path,
      gitOid: file.oid,
      size: file.lfs ? file.lfs.size : file.size,
      lfsSha256: file.lfs?.sha256 ?? null,
      bytes: local.get(file.oid) ?? null,
    }),
  );
  return { ...unknownFacts, commit: listing.commit, ...facts, name, files };
}

/** A plain folder, each file as an ordinary git blob. The caller says which commit it is served at. */
export async function repositoryFromFolder(
  folder: string,
  name: string,
  commit: string,
  facts: Facts = {},
): Promise<HubRepository> {
  const files: HubFile[] = [];
  for (const path of await filesBelow(folder))
    files.push({ path, bytes: await readFile(join(folder, path)) });
  return { ...unknownFacts, ...facts, commit, name, files: files.sort(byPath) };
}

export async function hasRecordedListing(folder: string): Promise<boolean> {
  return stat(join(folder, "tree.json")).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Relative POSIX paths of the regular files below a folder; hidden names and links are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")))
    .sort();
}
