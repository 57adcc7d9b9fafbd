/** npm run log -- recover: rebuilds the log's tables from what is published, after a database was put back. */
import { Client } from "pg";
import { recoverLog } from "@/lib/ledger/log/recover";
import { instanceKeys } from "@/lib/ledger/log/start-log";
import { systemClock } from "@/lib/platform/clock";
import { anonymous } from "@/lib/platform/context";
import { makeServices } from "@/lib/platform/context/server";
import { type Environment, env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";
import { withDatabase } from "@/lib/platform/supervisor/with-database";
import { reapplyRedactions } from "@/lib/redaction/server";

const say = (line: string) => console.error(`recover   ${line}`);

await main(async () => {
  const [verb, ...more] = process.argv.slice(2);
  if (verb !== "recover" || more.length > 0) throw new StartProblem("usage: npm run log -- recover");
  await withDatabase(env(), recover);
  return 0;
});

async function recover(databaseUrl: string): Promise<void> {
  const settings = Object.create(env(), { DATABASE_URL: { value: databaseUrl } }) as Environment;
  const services = makeServices(settings);
  const client = new Client({ connectionString: databaseUrl, application_name: "slipmark log recover" });
  await client.connect();
  try {
    const done = await recoverLog(client, {
      origin: settings.SLIPMARK_LOG_ORIGIN,
      keys: instanceKeys(settings),
      guardFile: settings.SLIPMARK_LOG_GUARD,
      blobs: services.blobs,
      files: services.files,
      onProgress: say,
    });
    say(`the log has ${done.size} entries again; ${done.added} came from what was published`);
    if (done.dropped > 0) say(`${done.dropped} acts that waited were in it already`);
    if (done.forked > 0) say(`${done.forked} acts that only this database had appended wait again`);
    if (done.withoutStatement > 0)
      say(`${done.withoutStatement} entries have no statement: redacted, or lost`);
    // What was redacted after the moment to which the database was put back stands in it again.
    const ctx = { ...services, clock: systemClock, viewer: anonymous };
    const { known, erased } = await reapplyRedactions(ctx, services.files);
    if (known > 0) say(`${known} redactions are known; ${erased} were carried out again`);
    say("a worker that runs signs again within seconds");
  } finally {
    await client.end();
    await Promise.allSettled([services.jobs.close(), services.listener.close()]);
    await services.db.$disconnect();
  }
}
