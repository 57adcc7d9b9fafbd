import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Client } from "pg";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { type Migration, readMigrations } from "./read-migrations";

/** The lock `prisma migrate` takes too: whoever comes second waits. */
const prismaLock = 72707369;

/** As Prisma creates it, so that `prisma migrate deploy` and this module can take turns. */
const table = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Applies what is not applied yet, each migration in its own transaction, and returns the names applied.
 * Several processes may call it at once.
 */
export async function migrate(
  url: string,
  options: {
    readonly folder?: string;
    /** The last migration to apply: a backup's rows go into the tables as they were then. */
    readonly upTo?: string;
    readonly onApply?: (name: string) => void;
  } = {},
): Promise<readonly string[]> {
  const all = await readMigrations(options.folder ?? join(process.cwd(), "prisma/migrations"));
  const { upTo } = options;
  if (upTo !== undefined && !all.some(({ name }) => name === upTo))
    throw new StartProblem(`this version does not know migration ${upTo}: use the version that wrote it`);
  const migrations = upTo === undefined ? all : all.filter(({ name }) => name <= upTo);
  const client = new Client({ connectionString: url, application_name: "slipmark migrate" });
  await client.connect();
  try {
    await client.query("SET client_min_messages = warning");
    await client.query("SELECT pg_advisory_lock($1)", [prismaLock]);
    await client.query(table);
    const { rows } = await client.query<Applied>(
      `SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`,
    );
    const pending = pendingMigrations(migrations, rows);
    for (const migration of pending) {
      options.onApply?.(migration.name);
      await apply(client, migration);
    }
    return pending.map(({ name }) => name);
  } finally {
    // Ending the session releases the lock.
    await client.end();
  }
}

/** What is left to do; a history that does not fit the files is refused. */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly Applied[],
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of applied) {
    const migration = known.get(row.migration_name);
    if (migration === undefined) {
      throw new StartProblem(
        `the database has migration ${row.migration_name}, which this version does not know: start the version that wrote it, or a newer one`,
      );
    }
    if (row.finished_at === null) {
      throw new StartProblem(
        `migration ${row.migration_name} was begun and never finished: see "logs" in table _prisma_migrations, then mark it with "prisma migrate resolve"`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new StartProblem(
        `prisma/migrations/${row.migration_name}/migration.sql was changed after it was applied: restore the file and write a new migration`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartProblem(`migration ${migration.name} failed and was rolled back: ${reason}`, {
      cause: error,
    });
  }
}
