/** npm run log -- recover: rebuilds the log's tables from what is published, after a database was put back. */
import { Client } from "pg";
import { recoverLog } from "@/lib/ledger/log/recover";
import { instanceKeys } from "@/lib/ledger/log/start-log";
import { openNamedFiles } from "@/lib/platform/blobs/named-files";
import { blobSettings, blobsOf } from "@/lib/platform/blobs/open";
import { env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";
import { withDatabase } from "@/lib/platform/supervisor/with-database";

await main(async () => {
  const [verb, ...more] = process.argv.slice(2);
  if (verb !== "recover" || more.length > 0) throw new StartProblem("usage: npm run log -- recover");
  const settings = env();
  return withDatabase(settings, async (connectionString) => {
    const client = new Client({ connectionString, application_name: "slipmark log recover" });
    await client.connect();
    try {
      const done = await recoverLog(client, {
        origin: settings.SLIPMARK_LOG_ORIGIN,
        keys: instanceKeys(settings),
        guardFile: settings.SLIPMARK_LOG_GUARD,
        blobs: blobsOf(settings),
        files: openNamedFiles(blobSettings(settings)),
        onProgress: (line) => console.error(`recover   ${line}`),
      });
      console.error(
        `recover   the log has ${done.size} entries: ${done.added} came from what was published, ${done.forked} that only this database had wait again, ${done.dropped} pending acts were in it already`,
      );
      if (done.withoutStatement > 0)
        console.error(
          `recover   ${done.withoutStatement} of the entries have no statement (redacted, or lost)`,
        );
      if (done.tombstones.length > 0)
        console.error(
          `recover   redacted after that backup, and to be redacted again here: see entries ${done.tombstones.join(", ")}`,
        );
      console.error("recover   a worker that runs signs again within seconds");
      return 0;
    } finally {
      await client.end();
    }
  });
});
