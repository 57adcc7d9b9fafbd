import { execFileSync } from "node:child_process";

export interface ListedProcess {
  readonly pid: number;
  readonly command: string;
}

/** A process and everything it has started, from the root down. */
export function processTree(root: number): ListedProcess[] {
  const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command = ""]) => ({ pid: Number(pid), parent: Number(parent), command }));
  const found = listed.filter(({ pid }) => pid === root);
  for (const one of found) found.push(...listed.filter(({ parent }) => parent === one.pid));
  return found.map(({ pid, command }) => ({ pid, command }));
}

/** As when a machine loses its power: all of it at once. */
export function killTree(root: number): void {
  for (const { pid } of processTree(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}
