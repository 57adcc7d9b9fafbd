import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client } from "pg";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { jobsSchema } from "@/lib/platform/jobs/queues";
import { type Manifest, writeManifest } from "./manifest";
import type { Objects } from "./objects";
import { copyOut, type Table, tablesInOrder } from "./tables";

/** Sessions and sign-in links would let whoever finds a backup act as somebody else. */
const leftOut = new Set(["session", "verification_token", "rate_limit"]);

export interface BackupPlan {
  readonly databaseUrl: string;
  readonly objects: Objects;
  /** The log's guard file, outside the database. */
  readonly guardFile: string;
  /** Must not exist yet. */
  readonly folder: string;
  readonly now: Date;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies every table in one REPEATABLE READ snapshot, then whatever the blob store holds. Nothing stops meanwhile: blobs
 * never change under their name, and what came after the snapshot does no harm. Written beside and renamed at the end,
 * so that a folder of this name is a whole backup.
 */
export async function makeBackup(plan: BackupPlan): Promise<Manifest> {
  const { folder, objects, signal, onProgress = () => undefined } = plan;
  if ((await stat(folder).catch(() => null)) !== null)
    throw new StartProblem(`${folder} exists: name a folder that does not`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, "tables"), { recursive: true, mode: 0o700 });
  try {
    const database = await copyTables(plan, join(partial, "tables"), onProgress);
    const stored: Manifest["objects"] = [];
    for await (const name of objects.names()) {
      signal?.throwIfAborted();
      const kept = await keepObject(objects, name, join(partial, "objects", name));
      if (kept !== null) stored.push({ name, ...kept });
    }
    onProgress(`${stored.length} files of the blob store`);
    const manifest: Manifest = {
      schema: "slipmark.backup/v1",
      takenAt: plan.now.toISOString(),
      ...database,
      objects: stored,
      guard: await readFile(plan.guardFile, "utf8").catch(() => null),
    };
    await writeManifest(partial, manifest);
    await rename(partial, folder);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function copyTables(
  { databaseUrl, signal }: BackupPlan,
  folder: string,
  onProgress: (line: string) => void,
): Promise<Pick<Manifest, "postgres" | "migrations" | "queueVersion" | "tables" | "sequences">> {
  const client = new Client({ connectionString: databaseUrl, application_name: "slipmark backup" });
  await client.connect();
  try {
    await client.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const one = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
    const migrations = await one<{ name: string }>(
      `SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL
       ORDER BY migration_name COLLATE "C"`,
    );
    const tables: Manifest["tables"] = [];
    const keep = async (table: Table, where = "") => {
      signal?.throwIfAborted();
      const file = `tables/${table.schema}.${table.name}.copy.gz`;
      const copied = await copyOut(
        client,
        table,
        join(folder, `${table.schema}.${table.name}.copy.gz`),
        where,
      );
      tables.push({ schema: table.schema, name: table.name, columns: [...table.columns], file, ...copied });
    };
    for (const table of await tablesInOrder(client)) if (!leftOut.has(table.name)) await keep(table);
    const queueVersion = await queueVersionOf(client);
    if (queueVersion !== null) await keep(await jobTable(client), `WHERE state < 'completed'`);
    onProgress(`${tables.length} tables, ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows`);
    return {
      postgres: (await one<{ v: string }>("SELECT current_setting('server_version') AS v"))[0]?.v ?? "?",
      migrations: migrations.map(({ name }) => name),
      queueVersion,
      tables,
      sequences: await one(
        `SELECT sequencename::text AS name, coalesce(last_value, 0)::text AS value FROM pg_sequences
         WHERE schemaname = 'public' ORDER BY 1`,
      ),
    };
  } finally {
    await client.end();
  }
}

/** Version of the queue's tables in this database; null while there are none. */
export async function queueVersionOf(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('${jobsSchema}.version') IS NOT NULL AS there`,
  );
  if (!rows[0]?.there) return null;
  const version = await client.query<{ version: number }>(`SELECT version FROM ${jobsSchema}.version`);
  return version.rows[0]?.version ?? null;
}

async function jobTable(client: Client): Promise<Table> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname::text AS name FROM pg_attribute
     WHERE attrelid = '${jobsSchema}.job'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
     ORDER BY attnum`,
  );
  return { schema: jobsSchema, name: "job", columns: rows.map(({ name }) => name) };
}

async function keepObject(
  objects: Objects,
  name: string,
  path: string,
): Promise<{ readonly size: number; readonly sha256: string } | null> {
  const content = await objects.read(name);
  if (content === null) return null;
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash("sha256");
  let size = 0;
  const measuring = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.byteLength;
      done(null, chunk);
    },
  });
  try {
    await pipeline(content, measuring, createWriteStream(path, { flags: "wx", flush: true }));
  } catch (error) {
    // A partial tile, or an expired look-up's capsule, may go between being listed and being opened.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return { size, sha256: hash.digest("hex") };
}
