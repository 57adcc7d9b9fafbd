import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { end, identify, isAlive, type ProcessIdentity } from "./process-identity";

/** What other commands (admin, case, worker) learn about the instance running in a data folder. */
export interface RunningInstance {
  readonly supervisor: ProcessIdentity;
  readonly children: readonly (ProcessIdentity & { readonly name: string })[];
  readonly databaseUrl: string | null;
  /** Address of the site once it answers. */
  readonly origin: string | null;
  /** HF_ENDPOINT in use, when the supervisor chose it. */
  readonly hfEndpoint: string | null;
}

const fileOf = (dataFolder: string) => join(dataFolder, "running.json");

/** The instance that runs in this data folder now, or null. */
export async function runningInstance(dataFolder: string): Promise<RunningInstance | null> {
  const noted = await readNote(dataFolder);
  return noted !== null && (await isAlive(noted.supervisor)) ? noted : null;
}

export interface Claim {
  update(change: Partial<RunningInstance>): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes this process the supervisor of a data folder. A folder that cannot be written to, or that a living supervisor
 * holds, is refused; what a killed one left running is ended first.
 */
export async function claimFolder(dataFolder: string): Promise<Claim> {
  await checkWritable(dataFolder);
  const other = await readNote(dataFolder);
  if (other !== null) {
    if (await isAlive(other.supervisor)) {
      throw new StartProblem(
        `Slipmark already runs here (process ${other.supervisor.pid}, folder ${dataFolder}): stop it first, or set SLIPMARK_DATA and PORT for a second one`,
      );
    }
    await Promise.all(other.children.map((child) => end(child)));
    await rm(fileOf(dataFolder), { force: true });
  }
  let note: RunningInstance = {
    supervisor: await identify(process.pid),
    children: [],
    databaseUrl: null,
    origin: null,
    hfEndpoint: null,
  };
  await create(dataFolder, note);
  let writing = Promise.resolve();
  return {
    update: (change) => {
      note = { ...note, ...change };
      const text = JSON.stringify(note);
      writing = writing.then(() => replace(dataFolder, text));
      return writing;
    },
    release: async () => {
      await writing;
      await rm(fileOf(dataFolder), { force: true });
    },
  };
}

export async function checkWritable(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, "");
    await rm(probe);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StartProblem(
      `cannot write to ${folder} (${code}): make it writable, or set SLIPMARK_DATA to a folder that is`,
    );
  }
}

async function readNote(dataFolder: string): Promise<RunningInstance | null> {
  const text = await readFile(fileOf(dataFolder), "utf8").catch(() => null);
  try {
    return text === null ? null : (JSON.parse(text) as RunningInstance);
  } catch {
    // Cut off by a crash of the machine; a torn note belongs to nobody.
    return null;
  }
}

async function create(dataFolder: string, note: RunningInstance): Promise<void> {
  try {
    // It holds the database's address with its password.
    const file = await open(fileOf(dataFolder), "wx", 0o600);
    await file.writeFile(JSON.stringify(note));
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const other = await readNote(dataFolder);
    if (other === null) {
      await rm(fileOf(dataFolder), { force: true });
      return create(dataFolder, note);
    }
    throw new StartProblem(`Slipmark is being started here already (process ${other.supervisor.pid})`);
  }
}

async function replace(dataFolder: string, text: string): Promise<void> {
  const partial = `${fileOf(dataFolder)}.${randomBytes(4).toString("hex")}`;
  await writeFile(partial, text, { mode: 0o600 });
  await rename(partial, fileOf(dataFolder));
}
