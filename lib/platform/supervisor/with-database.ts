import { connect, type Database } from "@/lib/platform/database";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import type { Environment } from "@/lib/platform/env";
import { openDatabase } from "./database";
import { claimFolder, runningInstance } from "./instance";

/**
 * Runs a task on the database of DATABASE_URL, of the instance that runs in the data folder, or, when none does, on the
 * embedded one, started for the moment. Migrated first, unless `raw`.
 */
export async function withDatabase<Result>(
  settings: Environment,
  task: (url: string) => Promise<Result>,
  options: { readonly raw?: boolean } = {},
): Promise<Result> {
  const own = settings.DATABASE_URL === undefined;
  const running = own ? await runningInstance(settings.SLIPMARK_DATA) : null;
  if (running?.databaseUrl != null) return task(running.databaseUrl);
  const claim = own ? await claimFolder(settings.SLIPMARK_DATA) : null;
  const database = await openDatabase(settings, () => undefined);
  try {
    if (!options.raw) await migrate(database.url);
    return await task(database.url);
  } finally {
    await database.stop();
    await claim?.release();
  }
}

/** The same with a small client over it. */
export function withClient<Result>(
  settings: Environment,
  task: (db: Database) => Promise<Result>,
): Promise<Result> {
  return withDatabase(settings, async (url) => {
    const db = connect(url, { max: 2 });
    try {
      return await task(db);
    } finally {
      await db.$disconnect();
    }
  });
}
