import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { typescript } from "./child-specs";

/**
 * Starts loading the example ledger and resolves when all of it that needs no worker is there. Its runs end later, and
 * so does the loader. A failure is told and stops nothing: the site works without examples, and the next start goes on.
 */
export async function beginExamples(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  say("loading the example ledger …");
  const loader = spawn(process.execPath, [...typescript, join("bin", "load-examples.ts")], {
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(loader, "exit");
  void ended.then(([code]) => {
    if (code !== 0 && code !== null) say("the example ledger is incomplete; the next start goes on with it");
  });
  const interrupt = () => loader.kill("SIGTERM");
  signal.addEventListener("abort", interrupt, { once: true });
  await Promise.race([once(loader, "message"), ended]);
  return async () => {
    if (loader.exitCode !== null || loader.signalCode !== null) return;
    loader.kill("SIGTERM");
    await ended;
  };
}
