import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { contentCommit } from "../../engine/io/source/content-commit";
import { byPath, type HubFile, type HubRepository } from "./repository";

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
 * listed paths by git blob id, LFS content by its SHA-256, so files lying flat are served under their listed path;
 * listed files without local bytes stay listed, and asking for them is answered as a missing entry. A size of null
 * stays unknown.
 */
export async function repositoryFromRecordedFolder(
  folder: string,
  name: string,
  facts: Facts = {},
): Promise<HubRepository> {
  const listing = JSON.parse(await readFile(join(folder, "tree.json"), "utf8")) as RecordedListing;
  const local = new Map<string, LocalFile>();
  for (const path of await filesBelow(folder)) {
    if (path === "tree.json") continue;
    const file = await localFile(folder, path);
    local.set(file.gitOid, file).set(file.sha256, file);
  }
  const files = listing.files.map((file): HubFile => {
    const found = local.get(file.lfs?.sha256 ?? file.oid);
    return {
      path: file.path,
      gitOid: file.oid,
      size: file.lfs ? file.lfs.size : file.size,
      lfsSha256: file.lfs?.sha256 ?? null,
      ...(found ? found.content : { bytes: null }),
    };
  });
  return { ...unknownFacts, commit: listing.commit, ...facts, name, files };
}

/**
 * A plain folder, each file as an ordinary git blob, at the commit that the engine's folder adapter gives it too:
 * a comparison through the Hub and one of the folder itself have the same digest.
 */
export async function repositoryFromFolder(
  folder: string,
  name: string,
  facts: Facts = {},
): Promise<HubRepository> {
  const files: (HubFile & { gitOid: string })[] = [];
  for (const path of await filesBelow(folder)) {
    const { gitOid, size, content } = await localFile(folder, path);
    files.push({ path, gitOid, size, ...content });
  }
  const commit = contentCommit(files) ?? "";
  return { ...unknownFacts, commit, ...facts, name, files: files.sort(byPath) };
}

/** Either kind of folder. */
export async function repositoryFromAnyFolder(
  folder: string,
  name: string,
  facts: Facts = {},
): Promise<HubRepository> {
  const recorded = await hasRecordedListing(folder);
  return recorded
    ? repositoryFromRecordedFolder(folder, name, facts)
    : repositoryFromFolder(folder, name, facts);
}

interface LocalFile {
  readonly gitOid: string;
  readonly sha256: string;
  readonly size: number;
  readonly content: { readonly bytes: Uint8Array } | { readonly filePath: string };
}

/** Kept in memory up to here; larger files are read from disk at each request. */
const inMemory = 16 * 2 ** 20;

async function localFile(folder: string, path: string): Promise<LocalFile> {
  const filePath = join(folder, path);
  const { size } = await stat(filePath);
  const git = createHash("sha1").update(`blob ${size}\0`);
  const sha256 = createHash("sha256");
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(filePath) as AsyncIterable<Buffer>) {
    git.update(chunk);
    sha256.update(chunk);
    if (size <= inMemory) chunks.push(chunk);
  }
  const content = size <= inMemory ? { bytes: Buffer.concat(chunks) } : { filePath };
  return { gitOid: git.digest("hex"), sha256: sha256.digest("hex"), size, content };
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
