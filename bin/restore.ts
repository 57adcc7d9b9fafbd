/** npm run restore -- FOLDER: puts a backup into an empty database and the blob store. */
import { resolve } from "node:path";
import { openObjects } from "@/lib/platform/backup/objects";
import { restoreBackup } from "@/lib/platform/backup/restore-backup";
import { blobSettings } from "@/lib/platform/blobs/open";
import { systemClock } from "@/lib/platform/clock";
import { anonymous } from "@/lib/platform/context";
import { makeServices } from "@/lib/platform/context/server";
import { type Environment, env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { runningInstance } from "@/lib/platform/supervisor/instance";
import { main } from "@/lib/platform/supervisor/main";
import { withDatabase } from "@/lib/platform/supervisor/with-database";
import { reapplyRedactions } from "@/lib/redaction/server";

await main(async () => {
  const [name, ...more] = process.argv.slice(2);
  if (name === undefined || more.length > 0 || name.startsWith("-"))
    throw new StartProblem("usage: npm run restore -- FOLDER");
  const settings = env();
  if ((await runningInstance(settings.SLIPMARK_DATA)) !== null)
    throw new StartProblem("the site runs: stop it first, a restore needs an empty database of its own");
  const { manifest, jobs } = await withDatabase(
    settings,
    async (databaseUrl) => {
      const restored = await restoreBackup({
        folder: resolve(name),
        databaseUrl,
        objects: openObjects(blobSettings(settings)),
        onProgress: (line) => console.error(`restore   ${line}`),
      });
      await redactAgain(databaseUrl);
      return restored;
    },
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

/** What was redacted after the backup was made came back with it, and goes again before anybody can read it. */
async function redactAgain(databaseUrl: string): Promise<void> {
  const services = makeServices(
    Object.create(env(), { DATABASE_URL: { value: databaseUrl } }) as Environment,
  );
  try {
    const ctx = { ...services, clock: systemClock, viewer: anonymous };
    const { known, erased } = await reapplyRedactions(ctx, services.files);
    if (known > 0) console.error(`restore   ${known} redactions are known; ${erased} were carried out again`);
  } finally {
    await Promise.allSettled([services.jobs.close(), services.listener.close()]);
    await services.db.$disconnect();
  }
}
