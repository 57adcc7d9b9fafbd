/** npm run db:new NAME: writes prisma/migrations/<time>_NAME/migration.sql from the schema. Needs no network. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lockfile, migrationsToSchema } from "@/lib/platform/database/schema-engine/diff";
import { withScratchServer } from "@/lib/platform/database/schema-engine/scratch-server";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";

await main(async () => {
  const name = process.argv[2] ?? "";
  if (!/^[a-z][a-z0-9_]{0,60}$/.test(name)) {
    throw new StartProblem("usage: npm run db:new NAME (small letters, digits and _)");
  }
  const sql = await withScratchServer((url) => migrationsToSchema(url, process.cwd()));
  const time = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = join("prisma/migrations", `${time}_${name}`);
  await mkdir(folder, { recursive: true });
  // An empty one is useful too: for triggers and data, which the schema cannot express.
  await writeFile(join(folder, "migration.sql"), sql ?? "-- The schema did not change.\n");
  await writeFile("prisma/migrations/migration_lock.toml", lockfile);
  console.log(`${folder}/migration.sql: review it, then run "npm run db:generate"`);
  return 0;
});
