import { Client } from "pg";
import { StartProblem } from "@/lib/platform/errors/start-problem";

const oldest = 15;

/** Refuses a database that cannot be reached or is older than PostgreSQL 15, in one line and without its password. */
export async function checkServer(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(url);
    const reason = error instanceof AggregateError ? error.errors[0] : error;
    const words = reason instanceof Error ? reason.message : String(reason);
    throw new StartProblem(`cannot connect to DATABASE_URL (${host}): ${words}`);
  }
  try {
    const { rows } = await client.query<{ server_version: string; number: number }>(
      "SELECT current_setting('server_version') AS server_version, current_setting('server_version_num')::int AS number",
    );
    refuseOldServer(rows[0]?.number ?? 0, rows[0]?.server_version ?? "?");
  } finally {
    await client.end();
  }
}

export function refuseOldServer(number: number, name: string): void {
  if (number >= oldest * 10_000) return;
  throw new StartProblem(
    `PostgreSQL ${name} at DATABASE_URL is too old: use ${oldest} or newer, or unset DATABASE_URL for the built-in one`,
  );
}
