import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { inject } from "vitest";
import { copyCheckout } from "./instance";

/** Compiled in, and so needed by every process of it: with others it would have to be built again. */
export const compiledIn = {
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "slipmark tests").toString("base64"),
  SLIPMARK_DEPLOYMENT_ID: "tests",
};

/** A copy of this checkout with its site built, made once for all files of a run. */
export async function builtCheckout(): Promise<string> {
  const place = inject("buildPlace");
  await chmod(place, 0o755);
  const folder = join(place, "built");
  // Files run at the same time; a lock of the run's server is let go when its holder dies.
  const lock = new Client({ connectionString: inject("databaseServer") });
  await lock.connect();
  try {
    await lock.query("SELECT pg_advisory_lock(hashtext('built checkout'))");
    copyCheckout(folder, {});
    const env = { ...process.env, ...compiledIn };
    await promisify(execFile)("npm", ["run", "--silent", "build"], { cwd: folder, env });
  } finally {
    await lock.end();
  }
  return folder;
}
