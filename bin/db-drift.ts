/** npm run db:drift: fails when prisma/schema and prisma/migrations disagree, and shows the missing SQL. */
import { migrationsToSchema } from "@/lib/platform/database/schema-engine/diff";
import { withScratchServer } from "@/lib/platform/database/schema-engine/scratch-server";
import { main } from "@/lib/platform/supervisor/main";

await main(async () => {
  const sql = await withScratchServer((url) => migrationsToSchema(url, process.cwd()));
  if (sql === null) {
    console.log("prisma/schema and prisma/migrations agree");
    return 0;
  }
  console.error(`${sql}\nprisma/migrations lack the above: run "npm run db:new NAME"`);
  return 1;
});
