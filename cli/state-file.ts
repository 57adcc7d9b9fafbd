import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { EngineError } from "../lib/engine/errors";
import { LogError } from "../lib/engine/log";
import { formatMonitorState, type MonitorState, parseMonitorState } from "../lib/engine/log/monitor";

/** What the last run of a monitor remembered; null before the first. */
export async function readStateFile(path: string): Promise<MonitorState | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return parseMonitorState(bytes);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new EngineError("bad-input", `${path}: ${error.message}`);
  }
}

/** In the place of the old one at once, or not at all. */
export async function writeStateFile(path: string, state: MonitorState): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    const file = await open(part, "w", 0o644);
    try {
      await file.writeFile(formatMonitorState(state));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), "r").catch(() => null);
  // The rename itself; not every file system lets a folder be synced.
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
