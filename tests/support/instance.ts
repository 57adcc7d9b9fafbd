import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { freePort } from "@/lib/platform/database/embedded";
import type { RunningInstance } from "@/lib/platform/supervisor/instance";
import { ordinaryUser } from "./run-node";

/** A copy of this checkout as somebody would have it after `git clone` and `npm ci`; `built`: with what was built. */
export function copyCheckout(
  target: string,
  options: { readonly built?: string; readonly owner?: typeof ordinaryUser },
): void {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { encoding: "utf8" });
  for (const file of listed.split("\0").filter(Boolean)) {
    mkdirSync(join(target, dirname(file)), { recursive: true });
    cpSync(file, join(target, file), { force: true });
  }
  cpSync("lib/platform/database/generated", join(target, "lib/platform/database/generated"), {
    recursive: true,
  });
  if (options.built !== undefined) {
    for (const part of [".next", "dist"])
      cpSync(join(options.built, part), join(target, part), { recursive: true });
  }
  if (options.owner !== undefined) {
    execFileSync("chown", ["-R", `${options.owner.uid}:${options.owner.gid}`, target]);
  }
  // Hard links: quick, and read by whoever may read the originals. (A symbolic link would lead out of the copy.)
  if (!existsSync(join(target, "node_modules")))
    execFileSync("cp", ["-al", "node_modules", join(target, "node_modules")]);
}

export interface Instance {
  readonly child: ChildProcess;
  readonly port: number;
  readonly origin: string;
  readonly dataFolder: string;
  output(): string;
  /** What the supervisor notes about itself and its children. */
  note(): RunningInstance;
  readonly ended: Promise<number | null>;
}

/** Runs an npm script of a checkout and resolves at the line that says it is ready. */
export async function startInstance(
  folder: string,
  options: {
    readonly script?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly asOrdinaryUser?: boolean;
    readonly ready?: RegExp;
  } = {},
): Promise<Instance> {
  const port = Number(options.env?.PORT ?? (await freePort()));
  const home = mkdtempSync(join(tmpdir(), "slipmark-home-"));
  const { uid, gid } = ordinaryUser;
  if (options.asOrdinaryUser) chownSync(home, uid, gid);
  chmodSync(home, 0o700);
  const npm = ["npm", "run", "--silent", options.script ?? "start"];
  const switchUser = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
  const [command = "", ...args] = options.asOrdinaryUser ? [...switchUser, ...npm] : npm;
  const env = { PATH: process.env.PATH ?? "", HOME: home, PORT: String(port), ...options.env };
  const child = spawn(command, args, { cwd: folder, env: env as never, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => {
      rmSync(home, { recursive: true, force: true });
      resolve(code);
    }),
  );
  const ready = options.ready ?? /^slipmark: ready at /m;
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (ready.test(text)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void ended.then((code) => reject(new Error(`npm ended with ${code} before it was ready:\n${text}`)));
  });
  const dataFolder = options.env?.SLIPMARK_DATA ?? join(folder, "var");
  return {
    child,
    port,
    origin: `http://127.0.0.1:${port}`,
    dataFolder,
    output: () => text,
    note: () => JSON.parse(readFileSync(join(dataFolder, "running.json"), "utf8")) as RunningInstance,
    ended,
  };
}
