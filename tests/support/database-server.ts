import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "@/lib/platform/database/embedded";
import { migrate } from "@/lib/platform/database/migrations/migrate";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the run's server, database "postgres". */
    databaseServer: string;
  }
}

export const templateDatabase = "slipmark_template";

/** vitest globalSetup: one PostgreSQL per run (fsync off), with one migrated database to clone. */
export default async function startDatabaseServer(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-tests-"));
  // As root the server runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const server = await startEmbedded({
    folder: join(folder, "postgres"),
    durable: false,
    maxConnections: 300,
    outside: join(folder, "outside"),
  });
  const admin = new Client({ connectionString: server.url("postgres") });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${templateDatabase}`);
  await migrate(server.url(templateDatabase));
  await admin.query(`ALTER DATABASE ${templateDatabase} ALLOW_CONNECTIONS false`);
  await admin.end();
  project.provide("databaseServer", server.url("postgres"));
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
