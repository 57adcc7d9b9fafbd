/** npm run backup [-- FOLDER]: a whole backup of database, blobs, tiles and guard state, while the site runs. */
import { join, resolve } from "node:path";
import { makeBackup } from "@/lib/platform/backup/make-backup";
import { openObjects } from "@/lib/platform/backup/objects";
import { blobSettings } from "@/lib/platform/blobs/open";
import { env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";
import { withDatabase } from "@/lib/platform/supervisor/with-database";

await main(async () => {
  const [name, ...more] = process.argv.slice(2);
  if (more.length > 0 || name?.startsWith("-")) throw new StartProblem("usage: npm run backup [-- FOLDER]");
  const settings = env();
  const now = new Date();
  const stamp = now
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  const folder = resolve(name ?? join(settings.SLIPMARK_DATA, "backups", stamp));
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new StartProblem("stopped; nothing was kept")));
  await withDatabase(settings, (databaseUrl) =>
    makeBackup({
      databaseUrl,
      objects: openObjects(blobSettings(settings)),
      guardFile: settings.SLIPMARK_LOG_GUARD,
      folder,
      now,
      onProgress: (line) => console.error(`backup    ${line}`),
      signal: stop.signal,
    }),
  );
  console.error(
    "backup    keys and secrets are not in it: keep a copy of the key and secret folders elsewhere (docs/OPERATIONS.md)",
  );
  console.log(folder);
  return 0;
});
