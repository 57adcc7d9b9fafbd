import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { TestInstance } from "./support";

/** A real worker process, as `npm run worker` starts it, with a data folder of its own name. */
export async function startWorkerProcess(
  site: Pick<TestInstance, "url" | "folder" | "hub">,
  options: { readonly data?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ChildProcess> {
  const worker = spawn(process.execPath, ["--import", "tsx", join("worker", "index.ts")], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      DATABASE_URL: site.url,
      SLIPMARK_DATA: join(site.folder, options.data ?? "data"),
      SLIPMARK_BLOBS: join(site.folder, "blobs"),
      SLIPMARK_KEYS: join(site.folder, "keys"),
      HF_ENDPOINT: site.hub.url,
      SLIPMARK_WORKER_CONCURRENCY: "1",
      ...options.env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => stopped(worker));
  let said = "";
  worker.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await vi.waitFor(
    () => {
      if (worker.exitCode !== null) throw new Error(`the worker ended: ${said}`);
      if (!said.includes("worker takes jobs")) throw new Error(`the worker does not take jobs yet: ${said}`);
    },
    { timeout: 90_000, interval: 100 },
  );
  return worker;
}

/** Asks it to end, unless it has ended, and waits. */
export async function stopped(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.kill("SIGTERM");
  await gone;
}
