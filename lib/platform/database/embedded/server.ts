import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { freePort } from "./free-port";
import { choosePlace, type Place } from "./place";
import { clearPredecessor } from "./postmaster-file";

export interface EmbeddedOptions {
  /** Folder of the cluster; made when absent. */
  readonly folder: string;
  /** Durable writes. Off only where the data may be lost, in tests. */
  readonly durable: boolean;
  readonly maxConnections?: number;
  /** The port to come back on after a crash; any free one when absent or taken. */
  readonly port?: number;
  /** Instead of /var/lib/slipmark: see choosePlace. */
  readonly outside?: string;
}

export interface EmbeddedServer {
  /** Address of a database of this server, by default "slipmark". */
  url(database?: string): string;
  readonly dataFolder: string;
  readonly pid: number;
  /** Resolves when the server ended, asked or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back. */
  stop(): Promise<void>;
}

/**
 * `exec` makes PostgreSQL a direct child; the detached watcher holds the other end of our pipe and stops the server
 * when we vanish without a word, as after kill -9.
 */
const guarded = `exec 3<&0
( ( read -r said <&3 || kill -INT $$ ) >/dev/null 2>&1 & )
exec 3<&-
exec "$@" </dev/null`;

/** Starts PostgreSQL 18 on a free loopback port, with a password that lies beside the data. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const place = await choosePlace(options.folder, options.outside);
  const cluster = join(place.dataFolder, "cluster");
  const password = await initialise(place, cluster, options.durable);
  await clearPredecessor(cluster);
  let lastWords = "";
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = attempt === 0 && options.port !== undefined ? options.port : await freePort();
    const child = launch(place, cluster, port, options);
    const said = collect(child);
    const url = (database = "slipmark") => `postgresql://slipmark:${password}@127.0.0.1:${port}/${database}`;
    if (await answers(child, url("postgres"))) {
      await createDatabase(url("postgres"), "slipmark");
      return running(child, cluster, url);
    }
    lastWords = said().trim().split("\n").slice(-3).join(" / ");
    // The usual causes heal by themselves: the port was taken meanwhile, or backends of a killed server still end.
    await sleep(300);
  }
  throw new StartProblem(`PostgreSQL did not start in ${cluster}: ${lastWords}`);
}

function launch(place: Place, cluster: string, port: number, options: EmbeddedOptions): ChildProcess {
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: options.maxConnections ?? 100,
    shared_buffers: "128MB",
    timezone: "UTC",
    log_min_messages: "fatal",
    ...(options.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const postgres = join(place.binaries.folder, "bin/postgres");
  return spawn("/bin/sh", ["-c", guarded, "sh", postgres, "-D", cluster, ...flags], {
    ...identity(place),
    cwd: place.dataFolder,
    // Its own group: Ctrl-C in the terminal reaches the supervisor alone, which then stops things in order.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
}

function running(
  child: ChildProcess,
  dataFolder: string,
  url: (database?: string) => string,
): EmbeddedServer {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });
  // Neither the child nor its pipes keep our process alive.
  child.unref();
  for (const stream of [child.stdin, child.stderr])
    (stream as unknown as { unref?: () => void } | null)?.unref?.();
  return {
    url,
    dataFolder,
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
      child.ref();
      await ended;
      // Tells the watcher that all is well.
      child.stdin?.end("stopped\n");
    },
  };
}

/** Makes the cluster unless it exists, and returns its password. */
async function initialise(place: Place, cluster: string, durable: boolean): Promise<string> {
  const passwordFile = join(place.dataFolder, "password");
  const version = await readFile(join(cluster, "PG_VERSION"), "utf8").catch(() => null);
  if (version !== null) {
    const password = await readFile(passwordFile, "utf8").catch(() => null);
    if (password === null) {
      throw new StartProblem(
        `${passwordFile} is missing or unreadable: put it back (the data beside it is untouched)`,
      );
    }
    if (version.trim() !== place.binaries.version.split(".")[0]) {
      throw new StartProblem(
        `${cluster} was made by PostgreSQL ${version.trim()}, installed is ${place.binaries.version}: see docs/OPERATIONS.md on moving to a new major version`,
      );
    }
    return password.trim();
  }
  // Made under another name and renamed when complete, so that an interrupted first start leaves nothing half done.
  const password = randomBytes(24).toString("hex");
  const partial = `${cluster}.new`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user !== null) {
    for (const path of [place.dataFolder, partial, passwordFile])
      await chown(path, place.user.uid, place.user.gid);
  }
  const flags = [
    "-U",
    "slipmark",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "-E",
    "UTF8",
    "--locale=C",
  ];
  try {
    const initdb = join(place.binaries.folder, "bin/initdb");
    const options = { ...identity(place), cwd: place.dataFolder };
    await promisify(execFile)(initdb, [...flags, ...(durable ? [] : ["--no-sync"]), "-D", partial], options);
  } catch (error) {
    const words = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new StartProblem(`PostgreSQL could not make its folder ${cluster}: ${words.split("\n").at(-1)}`);
  }
  await rename(partial, cluster);
  return password;
}

/** Uid and a bare environment: nothing of ours (tokens, NODE_OPTIONS) reaches PostgreSQL. */
function identity(place: Place) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    LC_ALL: "C",
    TZ: "UTC",
  } as unknown as NodeJS.ProcessEnv;
  return place.user === null ? { env } : { env, uid: place.user.uid, gid: place.user.gid };
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-4000);
  });
  return () => text;
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await sleep(50);
    }
  }
  child.kill("SIGQUIT");
  return false;
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE "${name}"`);
  } finally {
    await client.end();
  }
}
