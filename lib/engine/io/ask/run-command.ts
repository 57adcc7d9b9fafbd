import { spawn } from "node:child_process";
import { cancelledError } from "../net/cancelled";

export interface CommandRun {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly output: Buffer;
  /** The end of what it wrote to its standard error. */
  readonly errors: string;
  readonly ended: "by-itself" | "too-long" | "too-large";
}

export interface CommandLimits {
  readonly milliseconds: number;
  readonly outputBytes: number;
}

/**
 * Runs a program without a shell, in a process group of its own, which is killed as a whole when it takes too long,
 * writes too much or the signal says stop. Rejects with the system's error when it cannot be started.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  input: string,
  environment: NodeJS.ProcessEnv,
  limits: CommandLimits,
  signal: AbortSignal | undefined,
): Promise<CommandRun> {
  const child = spawn(program, args, {
    env: environment,
    detached: true,
    shell: false,
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  let ended: CommandRun["ended"] = "by-itself";
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  };
  const timer = setTimeout(() => {
    ended = "too-long";
    kill();
  }, limits.milliseconds);
  signal?.addEventListener("abort", kill, { once: true });
  const output: Buffer[] = [];
  let length = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limits.outputBytes) output.push(chunk);
    else if (ended === "by-itself") {
      ended = "too-large";
      kill();
    }
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors = (errors + chunk).slice(-2_000);
  });
  // A program that does not read what it is given is none the worse for it.
  child.stdin.on("error", () => {});
  try {
    const closed = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      // "exit", and not "close": a grandchild may keep the pipes open for ever.
      child.on("exit", (code) => {
        kill();
        child.stdout.destroyed ? resolve(code) : afterOutput(child.stdout, () => resolve(code));
      });
    });
    if (signal?.aborted) kill();
    child.stdin.end(input);
    const code = await closed;
    if (signal?.aborted) throw cancelledError(signal.reason);
    return { code, output: Buffer.concat(output), errors, ended };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Calls back once everything that was written has been read, and a second later at the latest. */
function afterOutput(stream: NodeJS.ReadableStream, done: () => void): void {
  const timer = setTimeout(done, 1_000);
  stream.once("close", () => {
    clearTimeout(timer);
    done();
  });
}
