import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles, type NamedFiles } from "@/lib/platform/blobs/named-files";
import type { Database } from "@/lib/platform/database";

/** Every column of every table, the queue's included, in which a text stands: "table.column". */
export async function standsIn(db: Database, needle: string): Promise<string[]> {
  const columns = await db.$queryRaw<{ schema: string; name: string; column: string; type: string }[]>`
    SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS column, t.typname::text AS type
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'
      AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`;
  const found: string[] = [];
  for (const { schema, name, column, type } of columns) {
    const table = `"${schema}"."${name}"`;
    const bytes = Buffer.from(needle, "utf8").toString("hex");
    const [row] = await db.$queryRawUnsafe<{ stands: boolean }[]>(
      type === "bytea"
        ? `SELECT EXISTS (SELECT FROM ${table} WHERE position('\\x${bytes}'::bytea IN "${column}") > 0
             OR position($1 IN lower(encode("${column}", 'escape'))) > 0) AS stands`
        : `SELECT EXISTS (SELECT FROM ${table} WHERE position($1 IN lower("${column}"::text)) > 0) AS stands`,
      needle.toLowerCase(),
    );
    if (row?.stands) found.push(`${name}.${column}`);
  }
  return found;
}

/** Files under a folder that hold a text. */
export async function filesWith(folder: string, needle: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries)
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(needle))
      found.push(entry.name);
  return found;
}

export async function store(): Promise<{
  readonly folder: string;
  readonly blobs: ReturnType<typeof folderBlobs>;
  readonly files: NamedFiles;
}> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-redaction-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return { folder, blobs: folderBlobs(folder), files: folderFiles(folder) };
}
