import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
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

/** A writer that was killed leaves its lock behind; nobody holds one for longer than this. */
const staleMs = 5_000;

async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await (await open(path, "wx")).close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > staleMs) {
      // Renamed before it is removed, so that only one of several waiting takes it away.
      const taken = `${path}.${randomBytes(4).toString("hex")}`;
      await rename(path, taken).then(
        () => rm(taken, { force: true }),
        () => undefined,
      );
    } else await sleep(20);
  }
}
