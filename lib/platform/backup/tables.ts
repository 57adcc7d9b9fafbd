import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { ClientBase } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const columnList = (columns: readonly string[]) => columns.map(quoted).join(", ");

/** Every table of ours, each after those that its foreign keys name, so that rows can be written back in this order. */
export async function tablesInOrder(client: ClientBase): Promise<readonly Table[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
    GROUP BY c.relname ORDER BY c.relname COLLATE "C"`);
  const { rows: keys } = await client.query<{ child: string; parent: string }>(`
    SELECT DISTINCT child.relname AS child, parent.relname AS parent
    FROM pg_constraint k JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
    JOIN pg_namespace n ON n.oid = child.relnamespace
    WHERE k.contype = 'f' AND n.nspname = 'public' AND k.conrelid <> k.confrelid`);
  const waiting = new Map(tables.map((table) => [table.name, table]));
  const ordered: Table[] = [];
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(
      ({ name }) => !keys.some((key) => key.child === name && waiting.has(key.parent)),
    );
    if (free.length === 0)
      throw new Error(`foreign keys of ${[...waiting.keys()].join(", ")} run in a circle`);
    for (const table of free) {
      waiting.delete(table.name);
      ordered.push({ schema: "public", ...table });
    }
  }
  return ordered;
}

/** Writes the rows that `where` selects as gzipped COPY text. */
export async function copyOut(
  client: ClientBase,
  table: Table,
  path: string,
  where = "",
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const rows = client.query(
    copyTo(
      `COPY (SELECT ${columnList(table.columns)} FROM ${quoted(table.schema)}.${quoted(table.name)} ${where}) TO STDOUT`,
    ),
  );
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    rows,
    createGzip({ level: 6 }),
    hashing,
    createWriteStream(path, { flags: "wx", flush: true }),
  );
  return { rows: rows.rowCount, sha256: hash.digest("hex") };
}

/** Reads them back. Columns that the table has gained since keep their defaults. */
export async function copyIn(client: ClientBase, table: Table, path: string): Promise<number> {
  const rows = client.query(
    copyFrom(`COPY ${quoted(table.schema)}.${quoted(table.name)} (${columnList(table.columns)}) FROM STDIN`),
  );
  await pipeline(createReadStream(path), createGunzip(), rows);
  return rows.rowCount;
}
