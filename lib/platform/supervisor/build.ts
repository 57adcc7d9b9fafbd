import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** What ends up in the engine's bundle and in the database client. */
const engineSources = ["cli", "lib/engine", "package-lock.json", "prisma/schema"];

/** What ends up in the site besides. */
const siteSources = [
  "app",
  "components",
  "i18n",
  "instrumentation.ts",
  "lib",
  "messages",
  "next.config.js",
  "package.json",
  "postcss.config.mjs",
  "proxy.ts",
  "public",
  "security-headers.js",
  "tsconfig.json",
];

/** Compiled into the site, so that a change of them needs a build as well. */
const settings = ["NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", "SLIPMARK_DEPLOYMENT_ID"] as const;

const stamps = { engine: "dist/slipmark-build", site: ".next/slipmark-build" };

export interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** The worker and the development server need the engine's bundle only. */
  readonly parts: "engine" | "all";
  /** Ends a build that is under way. */
  readonly signal?: AbortSignal;
}

/** Builds what was not built of exactly these sources. Returns whether there was anything to do. */
export async function buildIfNeeded({ env, say, parts, signal }: BuildOptions): Promise<boolean> {
  const engine = await hashOf(engineSources, "");
  const compiledIn = settings.map((name) => `${name}=${env[name] ?? ""}`).join("\n");
  const site = await hashOf([...engineSources, ...siteSources], compiledIn);
  const needsEngine = !(await isStamped(stamps.engine, engine));
  const needsSite = parts === "all" && !(await isStamped(stamps.site, site));
  if (!needsEngine && !needsSite) return false;
  await access(".", constants.W_OK).catch(() => {
    throw new StartProblem(
      `cannot build in ${process.cwd()}: run "npm run build" as the owner of that folder`,
    );
  });
  if (needsEngine) {
    await npmRun("db:generate", env, signal);
    await npmRun("build:cli", env, signal);
    await writeFile(stamps.engine, engine);
  }
  if (needsSite) {
    say("building the site …");
    await run([join("node_modules", "next", "dist", "bin", "next"), "build"], {
      env,
      signal,
      name: "next build",
    });
    await writeFile(stamps.site, site);
  }
  return true;
}

async function isStamped(file: string, value: string): Promise<boolean> {
  return (await readFile(file, "utf8").catch(() => "")) === value;
}

async function hashOf(sources: readonly string[], start: string): Promise<string> {
  const hash = createHash("sha256").update(start);
  const paths = (await Promise.all(sources.map(filesBelow))).flat();
  for (const path of [...new Set(paths)].sort()) {
    const bytes = await readFile(path);
    hash.update(`\n${path}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => error.code ?? "?",
  );
  if (entries === "ENOTDIR") return [path];
  if (typeof entries === "string") return [];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("/generated/") && !/\.test\.tsx?$/.test(file));
}

/** Runs a script of package.json, quietly unless it fails. */
function npmRun(script: string, env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<void> {
  const npm = env.npm_execpath;
  const args = ["run", "--silent", script];
  const options = { env, signal, name: `npm run ${script}` };
  return npm === undefined ? run(args, { ...options, command: "npm" }) : run([npm, ...args], options);
}

interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  readonly command?: string;
}

function run(args: readonly string[], { env, name, signal, command }: RunOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? process.execPath, args, {
      env,
      signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output = (output + chunk.toString("utf8")).slice(-8000);
      });
    }
    child.once("error", (error) =>
      reject(signal?.aborted ? new StartProblem(`"${name}" was stopped`) : error),
    );
    child.once("exit", (code) => {
      if (code === 0) return resolve();
      reject(new StartProblem(`"${name}" failed:\n${output.trim()}`));
    });
  });
}
