import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { given } from "./peers";

/** Holds the worker of the instance, so that a test can look at a run that nobody has taken yet. */
export async function pausedWorker(): Promise<{ resume(): void }> {
  const note = JSON.parse(await readFile(join(given("DATA"), "running.json"), "utf8")) as {
    children: { name: string; pid: number }[];
  };
  const worker = note.children.find(({ name }) => name === "worker");
  if (!worker) throw new Error("the instance has no worker");
  process.kill(worker.pid, "SIGSTOP");
  return { resume: () => void process.kill(worker.pid, "SIGCONT") };
}
