import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canaryResultSchema, type Judgement } from "@/lib/engine/canary/judge";
import { log } from "@/lib/platform/telemetry";

export interface JudgeProcess {
  /** The engine bundle, and its SHA-256 as published: the very bytes that a stranger runs. */
  readonly engine: { readonly path: string; readonly sha256: string };
  readonly temporaryFolder: string;
  readonly timeLimitMs: number;
  readonly memoryLimitBytes: number;
  readonly signal: AbortSignal;
}

/** Why a judgement could not be computed. */
export class JudgeFailure extends Error {
  override readonly name = "JudgeFailure";
  constructor(readonly code: "time-limit" | "engine-crashed" | "cancelled" | "bundle-refused") {
    super(code);
  }
}

/** Most bytes of a result: a table of 100,000 items. */
const largestResult = 256 * 1024 * 1024;

/**
 * Judges a bundle as anybody would, `slipmark canary score --bundle FILE --json`, in a child process with an empty
 * environment: what comes out here is what a stranger gets, from the same bytes. Throws JudgeFailure.
 */
export async function runJudge(
  name: string,
  bundle: Uint8Array,
  options: JudgeProcess,
): Promise<{ readonly judgement: Judgement; readonly document: Buffer }> {
  await mkdir(options.temporaryFolder, { recursive: true });
  const file = join(options.temporaryFolder, `${name}.bundle.json`);
  await writeFile(file, bundle);
  try {
    const document = await child(file, options);
    return { judgement: canaryResultSchema.parse(JSON.parse(document.toString("utf8"))), document };
  } finally {
    await rm(file, { force: true });
  }
}

function child(file: string, options: JudgeProcess): Promise<Buffer> {
  const { engine, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new JudgeFailure("cancelled"));
    const megabytes = Math.ceil(options.memoryLimitBytes / 1024 / 1024);
    const started = spawn(
      process.execPath,
      [`--max-old-space-size=${megabytes}`, engine.path, "canary", "score", "--bundle", file, "--json"],
      { env: {} as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] },
    );
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = "";
    let timedOut = false;
    const kill = () => started.kill("SIGKILL");
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, options.timeLimitMs);
    signal.addEventListener("abort", kill, { once: true });
    started.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > largestResult) kill();
      else chunks.push(chunk);
    });
    started.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    started.on("error", (error) => log.error({ err: error }, "the judge could not be started"));
    started.on("close", (code) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      if (code === 0) return resolve(Buffer.concat(chunks));
      if (signal.aborted) return reject(new JudgeFailure("cancelled"));
      log.error({ code, complaint, timedOut }, "the judge ended without a result");
      reject(new JudgeFailure(timedOut ? "time-limit" : code === 2 ? "bundle-refused" : "engine-crashed"));
    });
  });
}
