/** npm run restore -- FOLDER: puts a backup into an empty database and the blob store. */
import { resolve } from "node:path";
import { openObjects } from "@/lib/platform/backup/objects";
import { restoreBackup } from "@/lib/platform/backup/restore-backup";
import { blobSettings } from "@/lib/platform/blobs/open";
import { env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { runningInstance } from "@/lib/platform/supervisor/instance";
import { main } from "@/lib/platform/supervisor/main";
import { withDatabase } from "@/lib/platform/supervisor/with-database";

await main(async () => {
  const [name, ...more] = process.argv.slice(2);
  if (name === undefined || more.length > 0 || name.startsWith("-"))
    throw new StartProblem("usage: npm run restore -- FOLDER");
  const settings = env();
  if ((await runningInstance(settings.SLIPMARK_DATA)) !== null)
    throw new StartProblem("the site runs: stop it first, a restore needs an empty database of its own");
  const { manifest, jobs } = await withDatabase(
    settings,
    (databaseUrl) =>
      restoreBackup({
        folder: resolve(name),
        databaseUrl,
        objects: openObjects(blobSettings(settings)),
        onProgress: (line) => console.error(`restore   ${line}`),
      }),
    { raw: true },
  );
  if (!jobs)
    console.error(
      "restore   the queue's tables have another version: runs that waited must be asked for again",
    );
  console.error(
    `restore   as of ${manifest.takenAt}. If the log went on after that, the worker will refuse to sign: npm run log -- recover`,
  );
  return 0;
});
