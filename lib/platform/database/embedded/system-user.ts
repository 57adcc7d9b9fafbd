import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Somebody PostgreSQL may run as: it refuses root, and initdb needs an entry in /etc/passwd. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Tried in this order; all but the first exist on practically every Unix. */
const preferred = ["postgres", "nobody", "daemon"];

/** null: we are not root, and PostgreSQL runs as ourselves. `dataFolder`: an existing cluster keeps its owner. */
export async function unprivilegedUser(dataFolder: string): Promise<SystemUser | null> {
  if (process.getuid?.() !== 0) return null;
  const users = parsePasswd(await readFile("/etc/passwd", "utf8"));
  const owner = await stat(dataFolder).then(
    (found) => found.uid,
    () => 0,
  );
  const user =
    users.find(({ uid }) => uid === owner && uid !== 0) ??
    preferred.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined) ??
    users.find(({ uid }) => uid !== 0);
  if (user === undefined) {
    throw new StartProblem(
      "PostgreSQL does not run as root and /etc/passwd names nobody else: start Slipmark as another user, or set DATABASE_URL",
    );
  }
  return user;
}

export function parsePasswd(text: string): readonly SystemUser[] {
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .flatMap(([name, , uid, gid]) =>
      name !== undefined && uid !== undefined && gid !== undefined && /^\d+$/.test(uid) && /^\d+$/.test(gid)
        ? [{ name, uid: Number(uid), gid: Number(gid) }]
        : [],
    );
}

/** Whether the user may enter `folder` and everything above it. Missing folders count as enterable. */
export async function canEnter(user: SystemUser, folder: string): Promise<boolean> {
  let path = resolve(folder);
  for (;;) {
    const found = await stat(path).catch(() => null);
    if (found !== null && !mayExecute(user, found)) return false;
    const parent = dirname(path);
    if (parent === path) return true;
    path = parent;
  }
}

function mayExecute(user: SystemUser, file: { mode: number; uid: number; gid: number }): boolean {
  if (file.uid === user.uid) return (file.mode & 0o100) !== 0;
  if (file.gid === user.gid) return (file.mode & 0o010) !== 0;
  return (file.mode & 0o001) !== 0;
}
