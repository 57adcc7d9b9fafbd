import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, expect, inject, test } from "vitest";
import { refuseOldServer } from "@/lib/platform/database/check-server";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import { migrationsToSchema } from "@/lib/platform/database/schema-engine/diff";
import { emptyDatabase } from "@/tests/support/database";

const folder = await mkdtemp(join(tmpdir(), "slipmark-migrations-"));
afterAll(() => rm(folder, { recursive: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function migrations(files: Record<string, string>): Promise<string> {
  const place = await mkdtemp(join(folder, "set-"));
  for (const [name, sql] of Object.entries(files)) {
    await mkdir(join(place, name));
    await writeFile(join(place, name, "migration.sql"), sql);
  }
  return place;
}

test("all migrations apply to an empty database, once, and are recorded as Prisma records them", async () => {
  const url = await emptyDatabase();
  const names = (await readdir("prisma/migrations")).filter((name) => /^\d{14}_/.test(name)).sort();
  expect(await migrate(url)).toEqual(names);
  expect(await migrate(url)).toEqual([]);
  const rows = await query(url, `SELECT * FROM "_prisma_migrations" ORDER BY migration_name`);
  expect(rows.map((row) => row.migration_name)).toEqual(names);
  const bytes = await readFile(join("prisma/migrations", names[0] ?? "", "migration.sql"));
  expect(rows[0]).toMatchObject({
    checksum: createHash("sha256").update(bytes).digest("hex"),
    applied_steps_count: 1,
    rolled_back_at: null,
  });
  expect(rows[0]?.finished_at).toBeInstanceOf(Date);
});

test("two processes at once: each migration is applied by one of them", async () => {
  const url = await emptyDatabase();
  const [one, two] = await Promise.all([migrate(url), migrate(url)]);
  expect([...(one ?? []), ...(two ?? [])].length).toBeGreaterThan(0);
  expect(Math.min(one?.length ?? 0, two?.length ?? 0)).toBe(0);
});

test("a migration that fails leaves nothing behind", async () => {
  const url = await emptyDatabase();
  const files = { "1_fine": "CREATE TABLE a (id int);", "2_broken": "CREATE TABLE b (id int); SELECT 1/0;" };
  await expect(migrate(url, { folder: await migrations(files) })).rejects.toThrow(
    /2_broken failed and was rolled back/,
  );
  expect(await query(url, "SELECT to_regclass('a')::text AS a, to_regclass('b')::text AS b")).toEqual([
    { a: "a", b: null },
  ]);
  const mended = { ...files, "2_broken": "CREATE TABLE b (id int);" };
  expect(await migrate(url, { folder: await migrations(mended) })).toEqual(["2_broken"]);
});

test("a file changed after it was applied is refused", async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: await migrations({ "1_a": "CREATE TABLE a (id int);" }) });
  const changed = await migrations({ "1_a": "CREATE TABLE a (id bigint);" });
  await expect(migrate(url, { folder: changed })).rejects.toThrow(/1_a\/migration.sql was changed/);
});

test("a database from a newer version is refused", async () => {
  const url = await emptyDatabase();
  await migrate(url, { folder: await migrations({ "1_a": "SELECT 1;", "2_b": "SELECT 1;" }) });
  const older = await migrations({ "1_a": "SELECT 1;" });
  await expect(migrate(url, { folder: older })).rejects.toThrow(
    /migration 2_b, which this version does not know/,
  );
});

test("the written migrations give exactly prisma/schema", async () => {
  expect(await migrationsToSchema(inject("databaseServer"), process.cwd())).toBeNull();
});

test("PostgreSQL older than 15 is refused in one line", () => {
  expect(() => refuseOldServer(140011, "14.11")).toThrow(
    "PostgreSQL 14.11 at DATABASE_URL is too old: use 15 or newer",
  );
  expect(() => refuseOldServer(150000, "15.0")).not.toThrow();
});

test("commitments of the first version become sets of the account that registered the model", async () => {
  const url = await emptyDatabase();
  const names = (await readdir("prisma/migrations")).filter((name) => /^\d{14}_/.test(name)).sort();
  const before = names.filter((name) => name < "20261127025755_canaries");
  const files: Record<string, string> = {};
  for (const name of before)
    files[name] = await readFile(join("prisma/migrations", name, "migration.sql"), "utf8");
  await migrate(url, { folder: await migrations(files) });
  await query(
    url,
    `INSERT INTO "user" (id, name) VALUES ('usr_1', 'A');
     INSERT INTO release (id, source, repository, "commit") VALUES ('rel_1', 'hf', 'a/b', 'c');
     INSERT INTO capture (id, release_id, observed_at, declared, files, metadata)
       VALUES ('cap_1', 'rel_1', now(), '{}', '[]', '[]');
     INSERT INTO model (id, name, release_id, capture_id, registered_by_id, example)
       VALUES ('mdl_1', 'M', 'rel_1', 'cap_1', 'usr_1', true);
     INSERT INTO canary_commitment (id, model_id, set_id, root, items, kind, created_at)
       VALUES ('cmt_abc', 'mdl_1', 's', 'r', 24, 'natural', '2026-03-01T08:00:00Z')`,
  );
  expect(await migrate(url)).toEqual(names.filter((name) => !before.includes(name)));
  expect(await query(url, "SELECT * FROM canary_set")).toMatchObject([
    {
      id: "cns_abc",
      owner_id: "usr_1",
      model_id: "mdl_1",
      set_id: "s",
      root: "r",
      items: 24,
      kind: "natural",
      terms: null,
      author_key_id: null,
      namespace_kind: "account",
      example: true,
      created_at: new Date("2026-03-01T08:00:00Z"),
    },
  ]);
});
