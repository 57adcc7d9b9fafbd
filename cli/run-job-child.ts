import { EngineError } from "../lib/engine/errors";
import { executeFingerprintJob } from "../lib/engine/io/execute-fingerprint-job";
import { executeRunJob } from "../lib/engine/io/execute-run-job";
import { cancelledError } from "../lib/engine/io/net/cancelled";
import type { RequestBudget } from "../lib/engine/io/net/request-budget";
import {
  type ChildMessage,
  type FingerprintJob,
  parentMessageSchema,
  type RunJob,
} from "../lib/engine/run-job";

const progressEveryMs = 250;

/**
 * The process that runs one job for a worker. It knows only what the start message says, asks its parent for every
 * request it sends, and ends when the job ends, when it is told to, or when the parent is gone.
 */
export async function runJobChild(): Promise<number> {
  if (!process.send) {
    process.stderr.write("slipmark run-job is started by a worker, not by hand\n");
    return 2;
  }
  const stop = new AbortController();
  const waiting = new Map<number, () => void>();
  const job = await new Promise<RunJob | FingerprintJob>((resolve, reject) => {
    process.on("message", (raw) => {
      const parsed = parentMessageSchema.safeParse(raw);
      if (!parsed.success) return reject(new EngineError("bad-input", "The worker sent an unusable message"));
      const message = parsed.data;
      if (message.type === "start") resolve(message.job);
      else if (message.type === "cancel") stop.abort();
      else waiting.get(message.id)?.();
    });
    process.once("disconnect", () => process.exit(3));
  }).catch(async (error: unknown) => {
    await report(failure(error));
    return null;
  });
  if (job === null) return 2;

  const progress = createProgress();
  try {
    const hooks = {
      budget: parentBudget(waiting),
      signal: stop.signal,
      onProgress: progress.phase,
      onBytes: progress.bytes,
    };
    const outcome = await ("fingerprint" in job
      ? executeFingerprintJob(job, hooks)
      : executeRunJob(job, hooks));
    await report({ type: "done", ...outcome });
    return 0;
  } catch (error) {
    await report(failure(error));
    return 1;
  }
}

function parentBudget(waiting: Map<number, () => void>): RequestBudget {
  let lastId = 0;
  return {
    acquire(host, signal) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const end = () => {
          waiting.delete(id);
          signal?.removeEventListener("abort", stop);
        };
        const stop = () => {
          end();
          reject(cancelledError());
        };
        if (signal?.aborted) return stop();
        signal?.addEventListener("abort", stop, { once: true });
        waiting.set(id, () => {
          end();
          resolve();
        });
        void report({ type: "permit?", id, host });
      });
    },
    observed(host, facts) {
      if (Object.keys(facts).length > 0) void report({ type: "observed", host, headers: { ...facts } });
    },
  };
}

function createProgress() {
  let current = { phase: "open", done: 0, total: 1 };
  let bytesRead = 0;
  let sentAt = 0;
  const send = () => {
    sentAt = Date.now();
    void report({ type: "progress", ...current, bytesRead });
  };
  return {
    phase(next: { phase: string; done: number; total: number }) {
      current = next;
      send();
    },
    bytes(count: number) {
      bytesRead += count;
      if (Date.now() - sentAt >= progressEveryMs) send();
    },
  };
}

function failure(error: unknown): ChildMessage {
  if (error instanceof EngineError) {
    return { type: "failed", code: error.code, message: error.message, detail: { ...error.detail } };
  }
  // Not one of the engine's own: the stack is for the worker's log, not for a page.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return { type: "failed", code: "internal", message: "The engine failed on this input", detail: {} };
}

/** Resolves once the message has left, so that the process may end. */
function report(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}
