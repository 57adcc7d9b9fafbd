import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/**
 * Clears what a killed predecessor left: a server of this folder that still runs is asked to stop and waited for, then
 * its lock file is removed. The file of a process that is no postgres (its number was given away again) goes at once.
 */
export async function clearPredecessor(dataFolder: string, patience = 20_000): Promise<void> {
  const file = join(dataFolder, "postmaster.pid");
  const pid = await pidIn(file);
  if (pid === null) return;
  const started = Date.now();
  let asked = 0;
  while (await isPostgres(pid)) {
    const waited = Date.now() - started;
    if (waited > patience) {
      throw new StartProblem(
        `PostgreSQL of a former start (process ${pid}) does not stop: end it, then start Slipmark again`,
      );
    }
    // First a fast shutdown, half way through an immediate one: the write-ahead log makes both safe.
    if (asked === 0) process.kill(pid, "SIGINT");
    if (asked === 1 && waited > patience / 2) process.kill(pid, "SIGQUIT");
    asked = waited > patience / 2 ? 2 : 1;
    await sleep(50);
  }
  await rm(file, { force: true });
}

async function pidIn(file: string): Promise<number | null> {
  const first = (await readFile(file, "utf8").catch(() => "")).split("\n")[0] ?? "";
  const pid = Math.abs(Number.parseInt(first, 10));
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  // Without /proc (macOS) a living process is taken for the server.
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => null);
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (state !== null && /\) Z /.test(state)) return false;
  return name === null ? process.platform !== "linux" : name.trim() === "postgres";
}
