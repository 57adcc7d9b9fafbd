import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { benchOptions } from "./place";

/** A sequencer in a process of its own, as in the worker. */
export async function startSequencer(databaseUrl: string, folder: string): Promise<ChildProcess> {
  const { origin, batch, intervalMs } = benchOptions(databaseUrl, folder);
  const settings = { databaseUrl, folder, origin, batch, intervalMs };
  const child = fork(join("tests", "support", "sequencer-process.ts"), [JSON.stringify(settings)], {
    execArgv: ["--disable-warning=DeprecationWarning", "--import", "tsx"],
    env: { PATH: process.env.PATH, NODE_ENV: "production", LOG_LEVEL: "warn" },
  });
  await once(child, "message");
  return child;
}

export async function stopSequencer(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
