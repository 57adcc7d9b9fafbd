import { createHash } from "node:crypto";
import { access, constants, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { type Binaries, copyBinaries, installedBinaries } from "./binaries";
import { canEnter, type SystemUser, unprivilegedUser } from "./system-user";

/** Where binaries and data stand, and who runs them. */
export interface Place {
  readonly binaries: Binaries;
  readonly dataFolder: string;
  readonly user: SystemUser | null;
}

/** Where root keeps what another user has to reach when the clone or its data folder is closed to others. */
const openFolder = "/var/lib/slipmark";

/**
 * Usually: binaries in node_modules, data in `folder`. As root, whatever the unprivileged user cannot reach (a clone
 * in a 0700 folder) stands in /var/lib/slipmark instead: binaries keyed by version, data keyed by the folder's path.
 */
export async function choosePlace(folder: string, outside: string = openFolder): Promise<Place> {
  const installed = await installedBinaries();
  const wanted = resolve(folder);
  const user = await unprivilegedUser(wanted);
  if (user === null) {
    await mkdir(wanted, { recursive: true, mode: 0o700 }).catch(refuse(wanted));
    return { binaries: installed, dataFolder: wanted, user };
  }
  const binaries = (await canEnter(user, join(installed.folder, "bin")))
    ? installed
    : await copyBinaries(installed, outside).catch(refuse(outside));
  const reachable = await canEnter(user, dirname(wanted));
  const key = createHash("sha256").update(wanted).digest("hex").slice(0, 16);
  const dataFolder = reachable ? wanted : join(outside, `data-${key}`);
  await mkdir(dataFolder, { recursive: true, mode: 0o755 }).catch(refuse(dataFolder));
  if (dataFolder !== wanted) {
    await mkdir(dirname(wanted), { recursive: true }).catch(refuse(dirname(wanted)));
    await writeFile(`${wanted}-is-in`, `${dataFolder}\n`).catch(refuse(dirname(wanted)));
  }
  return { binaries, dataFolder, user };
}

function refuse(folder: string) {
  return async (error: NodeJS.ErrnoException): Promise<never> => {
    const parent = await access(dirname(folder), constants.W_OK).then(
      () => folder,
      () => dirname(folder),
    );
    throw new StartProblem(
      `cannot write to ${parent} (${error.code ?? error.message}): make it writable, or set SLIPMARK_DATA to a folder that is`,
    );
  };
}
