import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartProblem } from "@/lib/platform/errors/start-problem";

/**
 * A random secret (32 bytes, base64) kept in the data folder: made on first use, readable by the owner only.
 * Several processes may ask at once and get the same one.
 */
export function keptSecret(dataFolder: string, name: string): string {
  const folder = join(dataFolder, "secrets");
  const path = join(folder, name);
  const known = read(path);
  if (known !== null) return known;
  const mine = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    // First without the mode, which would close the data folder itself when it is new.
    mkdirSync(dataFolder, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(mine, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flush: true });
    try {
      // Fails when somebody was faster; theirs counts.
      linkSync(mine, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(mine, { force: true });
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StartProblem(
      `cannot write to ${folder} (${code}): make it writable, or set SLIPMARK_DATA to a folder that is`,
    );
  }
  return read(path) ?? "";
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartProblem(`cannot read ${path}: give it to the user who starts Slipmark`);
  }
}
