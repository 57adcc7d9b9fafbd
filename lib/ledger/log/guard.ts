import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { equal, fromHex, hex, LogError } from "@/lib/engine/log";

/**
 * How far the log has been signed, kept outside the database and outside its backups: a database that is put back to an
 * earlier state would otherwise grow a second, different log under the same name.
 */
export interface Guarded {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Null when nothing was ever signed here. Throws LogError "malformed" for a damaged file: never guess. */
export async function readGuard(path: string): Promise<Guarded | null> {
  const content = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (content === null) return null;
  try {
    const { origin, size, root } = JSON.parse(content) as Record<string, unknown>;
    if (typeof origin !== "string" || typeof root !== "string" || !Number.isSafeInteger(size))
      throw new Error();
    return { origin, size: size as number, root: fromHex(root, 32) };
  } catch {
    throw new LogError(
      "malformed",
      `the log's guard ${path} is damaged: restore it, or see docs/OPERATIONS.md`,
    );
  }
}

/**
 * Moves the guard on from what `check` approves, one process at a time: compare, write beside, sync, rename, sync the
 * folder. Nothing may be signed before this returns. Throws what `check` throws.
 */
export async function advanceGuard(
  path: string,
  next: Guarded,
  check: (known: Guarded | null) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const release = await lock(`${path}.lock`);
  try {
    const known = await readGuard(path);
    if (
      known !== null &&
      known.size === next.size &&
      known.origin === next.origin &&
      equal(known.root, next.root)
    )
      return;
    await check(known);
    const temporary = `${path}.${randomBytes(4).toString("hex")}`;
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(
        `${JSON.stringify({ origin: next.origin, size: next.size, root: hex(next.root) })}\n`,
      );
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    const folder = await open(dirname(path), "r");
    await folder.sync().catch(() => undefined);
    await folder.close();
  } finally {
    await release();
  }
}

/** Nobody holds a lock for longer than this. */
const staleMs = 5_000;

/**
 * A file that only one process can make. One that was killed leaves it behind: it counts for nothing once its process is
 * gone from this machine, or when it is old.
 */
async function lock(path: string): Promise<() => Promise<void>> {
  const mine = `${hostname()} ${process.pid} ${randomBytes(8).toString("hex")}\n`;
  for (;;) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(mine);
      await file.close();
      return async () => {
        if ((await readFile(path, "utf8").catch(() => null)) === mine) await rm(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const left = await leftBehind(path);
    if (left === null) await sleep(10);
    else await takeAway(path, left);
  }
}

/** What stands in a lock that nobody holds any more; null while somebody may. */
async function leftBehind(path: string): Promise<string | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const [host, pid] = text.split(" ");
    const dead = host === hostname() && pid !== undefined && !isAlive(Number(pid));
    return dead || Date.now() - mtimeMs > staleMs ? text : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Renamed before it is removed, so that of several who wait only one takes it; a newer one goes back. */
async function takeAway(path: string, left: string): Promise<void> {
  const taken = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(path, taken);
    if ((await readFile(taken, "utf8")) !== left) await link(taken, path).catch(() => undefined);
    await rm(taken, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
