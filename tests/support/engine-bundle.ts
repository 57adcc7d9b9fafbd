import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Path of the engine bundle that workers start; built when there is none yet. */
export async function engineBundlePath(): Promise<string> {
  const path = join(process.cwd(), "dist", "slipmark.mjs");
  if (await stat(path).catch(() => null)) return path;
  await promisify(execFile)(process.execPath, [join(process.cwd(), "cli", "build.mjs")]);
  return path;
}
