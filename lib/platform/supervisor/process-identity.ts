import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that is not mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and its start (Linux); null where /proc is missing. */
  readonly started: string | null;
}

export async function identify(pid: number): Promise<ProcessIdentity> {
  return { pid, started: (await readStat(pid))?.started ?? null };
}

export async function isAlive({ pid, started }: ProcessIdentity): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = await readStat(pid);
  if (now === null) return process.platform !== "linux";
  return now.state !== "Z" && (started === null || now.started === started);
}

/** Asks a process to end and, when it has not after a while, ends it. */
export async function end(target: ProcessIdentity, patience = 5000): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!(await isAlive(target))) return;
    try {
      process.kill(target.pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < patience; waited += 50) {
      if (!(await isAlive(target))) return;
      await sleep(50);
    }
  }
}

async function readStat(pid: number): Promise<{ state: string; started: string } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The command's name, in brackets, may hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? null : { state, started };
}
