import { fork } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { EngineError } from "@/lib/engine/errors";
import { createLocalBudget, type RequestBudget } from "@/lib/engine/io/net/request-budget";
import {
  type ChildMessage,
  childMessageSchema,
  type FingerprintJob,
  type ParentMessage,
  type RunJob,
} from "@/lib/engine/run-job";
import type { Context } from "@/lib/platform/context";
import { log } from "@/lib/platform/telemetry";
import type { ExecuteOptions } from "./execute-run";
import type { ClaimedRun } from "./run-claim";
import { capsulePath, leafFolder } from "./run-end";
import type { Progress, RunFailure } from "./schema";

export type ProcessEnd =
  | { readonly kind: "done"; readonly document: string; readonly digest: string }
  | { readonly kind: "failed"; readonly failure: RunFailure };

export interface ProcessOptions
  extends Pick<ExecuteOptions, "bundle" | "temporaryFolder" | "timeLimitMs" | "memoryLimitBytes"> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** After "cancel" the child may tidy up for this long, then it is killed. */
const graceMs = 2_000;

/** Executes a run in a child process of its own, and says where it put the capsule. */
export async function runProcess(
  ctx: Context,
  run: ClaimedRun,
  options: ProcessOptions,
): Promise<ProcessEnd & { readonly capsulePath: string }> {
  const capsule = capsulePath(run, options.temporaryFolder);
  const leaves = run.parameters.level === 3 ? { leafFolder: leafFolder(run, options.temporaryFolder) } : {};
  const job = { ...jobOf(ctx, run, capsule, options.bundle.sha256), ...leaves };
  return { ...(await childProcess(ctx, run.id, job, options)), capsulePath: capsule };
}

/**
 * Executes a job in a child process that has nothing of ours: no environment, no database, no keys but the read
 * tokens of the sources. It asks for a permit before each request; limits of time and memory are kept from here.
 */
export async function childProcess(
  ctx: Context,
  runId: string,
  job: RunJob | FingerprintJob,
  options: ProcessOptions,
): Promise<ProcessEnd> {
  if (options.signal.aborted) return failure("cancelled");
  await mkdir(options.temporaryFolder, { recursive: true });
  const budget = ctx.sources.budget ?? createLocalBudget();
  const child = fork(options.bundle.path, ["run-job"], {
    env: {} as NodeJS.ProcessEnv,
    execArgv: [`--max-old-space-size=${Math.ceil(options.memoryLimitBytes / 1024 / 1024)}`],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "json",
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });

  const permits = new AbortController();
  return new Promise<ProcessEnd>((resolve) => {
    let end: ProcessEnd | null = null;
    const settle = (how: ProcessEnd) => {
      end ??= how;
    };
    const kill = () => child.kill("SIGKILL");
    const timeLimit = setTimeout(() => {
      settle(failure("time-limit", { seconds: Math.round(options.timeLimitMs / 1000) }));
      kill();
    }, options.timeLimitMs);
    const memoryWatch = setInterval(() => {
      residentBytes(child.pid)
        .then((bytes) => {
          if (bytes === null || bytes <= options.memoryLimitBytes) return;
          settle(failure("memory-limit", { megabytes: Math.round(options.memoryLimitBytes / 1024 / 1024) }));
          kill();
        })
        .catch(() => undefined);
    }, 1_000);
    const send = (message: ParentMessage) => {
      if (child.connected) child.send(message, () => undefined);
    };
    let grace: NodeJS.Timeout | null = null;
    const cancel = () => {
      send({ type: "cancel" });
      grace ??= setTimeout(kill, graceMs);
    };
    options.signal.addEventListener("abort", cancel, { once: true });

    child.on("message", (raw) => {
      const parsed = childMessageSchema.safeParse(raw);
      if (!parsed.success) {
        log.warn({ runId }, "the child said something unknown");
        return;
      }
      const message = parsed.data;
      if (message.type === "done")
        settle({ kind: "done", document: message.document, digest: message.digest });
      else if (message.type === "failed") settle({ kind: "failed", failure: failureOf(message) });
      else if (message.type === "progress") {
        const { type: _type, ...progress } = message;
        options.onProgress(progress);
      } else if (message.type === "observed") budget.observed(message.host, defined(message.headers));
      else answerPermit(budget, message, permits.signal, send, (error) => settle(failureFrom(error)), cancel);
    });

    child.on("error", (error) => {
      log.error({ err: error, runId }, "the child could not be started");
      // A process that never was does not end either.
      if (child.pid === undefined) child.emit("exit", null, null);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timeLimit);
      clearInterval(memoryWatch);
      if (grace !== null) clearTimeout(grace);
      options.signal.removeEventListener("abort", cancel);
      permits.abort();
      if (end === null && !options.signal.aborted)
        log.error({ runId, code, signal, complaint }, "the child ended without a word");
      resolve(end ?? (options.signal.aborted ? failure("cancelled") : failure("engine-crashed")));
    });
    send({ type: "start", job });
  });
}

function jobOf(ctx: Context, run: ClaimedRun, capsule: string, build: string): RunJob {
  const specs = (role: string) =>
    run.inputs.filter((input) => input.role === role).map((input) => input.spec);
  const [original, suspect] = [specs("original")[0], specs("suspect")[0]];
  if (original === undefined || suspect === undefined) throw new Error(`run ${run.id} has no pair`);
  return {
    inputs: {
      original,
      suspect,
      ancestors: specs("ancestor"),
      controls: specs("control"),
    },
    parameters: run.parameters,
    capsulePath: capsule,
    ...surroundingsOf(ctx, build),
  };
}

/** What every job is told of the place where it runs. */
export function surroundingsOf(ctx: Context, build: string) {
  return {
    sources: { hf: ctx.sources.hf, github: ctx.sources.github },
    cacheFolder: ctx.sources.cacheFolder,
    ...(ctx.sources.cacheBytes === undefined ? {} : { cacheBytes: ctx.sources.cacheBytes }),
    build,
  };
}

function answerPermit(
  budget: RequestBudget,
  asked: Extract<ChildMessage, { type: "permit?" }>,
  signal: AbortSignal,
  send: (message: ParentMessage) => void,
  onRefused: (error: unknown) => void,
  cancel: () => void,
): void {
  budget.acquire(asked.host, signal).then(
    () => send({ type: "permit", id: asked.id }),
    (error: unknown) => {
      if (signal.aborted) return;
      // No permit within the longest wait: the run ends here as "rate-limited" and the queue tries again later.
      onRefused(error);
      cancel();
    },
  );
}

function failureFrom(error: unknown): ProcessEnd {
  if (error instanceof EngineError) return failure(error.code, error.detail);
  log.error({ err: error }, "no permit could be had");
  return failure("internal");
}

function failureOf(message: Extract<ChildMessage, { type: "failed" }>): RunFailure {
  return { code: message.code, detail: message.detail };
}

function failure(code: string, detail: Readonly<Record<string, string | number>> = {}): ProcessEnd {
  return { kind: "failed", failure: { code, detail: { ...detail } } };
}

/** Without the keys that are undefined: the engine's types tell "absent" from "undefined". */
function defined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

/** Resident memory of a process; null where /proc does not exist (then the heap limit alone holds). */
async function residentBytes(pid: number | undefined): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => null);
  const pages = Number(text?.split(" ")[1]);
  return Number.isFinite(pages) ? pages * 4096 : null;
}
