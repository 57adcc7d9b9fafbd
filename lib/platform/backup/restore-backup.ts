import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { prepareQueue } from "@/lib/platform/jobs/prepare-queue";
import { queueVersionOf } from "./make-backup";
import { type Manifest, readManifest, type TableDump } from "./manifest";
import type { Objects } from "./objects";
import { copyIn } from "./tables";

export interface RestorePlan {
  readonly folder: string;
  /** Must be empty: a restore never overwrites what is there. */
  readonly databaseUrl: string;
  readonly objects: Objects;
  readonly onProgress?: (line: string) => void;
}

export interface Restored {
  readonly manifest: Manifest;
  /** False when the queue's tables have another version: what waited there has to be asked for again. */
  readonly jobs: boolean;
}

/**
 * Puts a backup back into an empty database and the blob store. Every file is checked against the manifest before
 * anything is written; the rows come in one transaction. What the store holds already stays: it is the same bytes, or,
 * under log/, something newer. The log's guard is not touched: it knows how far the log has really come.
 */
export async function restoreBackup(plan: RestorePlan): Promise<Restored> {
  const { folder, databaseUrl, objects, onProgress = () => undefined } = plan;
  const manifest = await readManifest(folder);
  await checkFiles(folder, manifest);
  onProgress("every file is as it was written");
  await refuseUsedDatabase(databaseUrl);
  await migrate(databaseUrl, { upTo: manifest.migrations.at(-1) as string });
  const jobs = manifest.queueVersion !== null && (await queueFits(databaseUrl, manifest.queueVersion));
  await restoreRows(databaseUrl, folder, manifest, jobs);
  onProgress(`${manifest.tables.reduce((sum, { rows }) => sum + rows, 0)} rows`);
  await migrate(databaseUrl);
  let written = 0;
  for (const { name, size } of manifest.objects) {
    if (await objects.has(name)) continue;
    await objects.write(name, createReadStream(join(folder, "objects", name)), size);
    written += 1;
  }
  onProgress(`${written} files of the blob store; ${manifest.objects.length - written} were there`);
  return { manifest, jobs: jobs || manifest.queueVersion === null };
}

async function checkFiles(folder: string, manifest: Manifest): Promise<void> {
  const files = [
    ...manifest.tables.map(({ file, sha256 }) => ({ file, sha256 })),
    ...manifest.objects.map(({ name, sha256 }) => ({ file: `objects/${name}`, sha256 })),
  ];
  for (const { file, sha256 } of files) {
    const hash = createHash("sha256");
    try {
      for await (const chunk of createReadStream(join(folder, file))) hash.update(chunk as Buffer);
    } catch {
      throw new StartProblem(`${folder}: ${file} is missing; nothing was restored`);
    }
    if (hash.digest("hex") !== sha256)
      throw new StartProblem(`${folder}: ${file} is damaged (its SHA-256 differs); nothing was restored`);
  }
}

async function refuseUsedDatabase(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ tables: number }>(
      `SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`,
    );
    if ((rows[0]?.tables ?? 0) > 0)
      throw new StartProblem(
        "the database is not empty: restore into a new one (another DATABASE_URL, or another SLIPMARK_DATA)",
      );
  });
}

async function queueFits(databaseUrl: string, version: number): Promise<boolean> {
  await prepareQueue(databaseUrl);
  return withClient(databaseUrl, async (client) => (await queueVersionOf(client)) === version);
}

async function restoreRows(
  databaseUrl: string,
  folder: string,
  { tables, sequences }: Manifest,
  jobs: boolean,
): Promise<void> {
  const wanted = (table: TableDump) => table.schema === "public" || jobs;
  await withClient(databaseUrl, async (client) => {
    await client.query("BEGIN");
    // A migration may have put rows of its own into a new table.
    for (const { schema, name } of tables)
      if (schema === "public") await client.query(`ALTER TABLE "${name}" DISABLE TRIGGER USER`);
    for (const { schema, name } of [...tables].reverse())
      if (schema === "public") await client.query(`DELETE FROM "${name}"`);
    for (const table of tables.filter(wanted)) {
      const rows = await copyIn(client, table, join(folder, table.file));
      if (rows !== table.rows) throw new Error(`${table.name}: ${rows} rows of ${table.rows} came back`);
    }
    for (const { name, value } of sequences)
      if (value !== "0") await client.query("SELECT setval($1, $2::bigint)", [`public.${name}`, value]);
    for (const { schema, name } of tables)
      if (schema === "public") await client.query(`ALTER TABLE "${name}" ENABLE TRIGGER USER`);
    await client.query("COMMIT");
  });
}

async function withClient<Result>(url: string, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, application_name: "slipmark restore" });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
