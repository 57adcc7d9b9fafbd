import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface RunningNode {
  readonly child: ChildProcess;
  /** Everything written to stdout and stderr so far. */
  output(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Resolves when a line matches. */
  line(pattern: RegExp): Promise<string>;
}

/** An ordinary user to run things as, when the tests run as root. */
export const ordinaryUser = { uid: 65534, gid: 65534 };
export const canSwitchUser = process.getuid?.() === 0 && existsSync("/usr/bin/setpriv");

/** Runs a TypeScript file of this project as a child, with a bare environment besides `env`. */
export function runNode(
  script: string,
  options: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly asOrdinaryUser?: boolean;
  } = {},
): RunningNode {
  const node = [process.execPath, "--import", "tsx", script, ...(options.args ?? [])];
  const { uid, gid } = ordinaryUser;
  const prefix = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
  const [command = "", ...args] = options.asOrdinaryUser ? [...prefix, ...node] : node;
  const child = spawn(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: {
      PATH: process.env.PATH ?? "",
      HOME: tmpdir(),
      NODE_ENV: "production",
      ...options.env,
    } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      for (const check of waiting) check();
    });
  }
  const ended: RunningNode["ended"] = new Promise((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  });
  return {
    child,
    output: () => text,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = text.split("\n").find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
        void ended.then(() => reject(new Error(`ended without ${pattern}:\n${text}`)));
      }),
  };
}

/** An empty folder for the time of one test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-test-"));
  // A server whose owner was killed writes for a moment longer.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return folder;
}
