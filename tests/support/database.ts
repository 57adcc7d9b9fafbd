import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, inject } from "vitest";
import { connect, type Database } from "@/lib/platform/database";
import { templateDatabase } from "./database-server";

export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
}

/**
 * A migrated, empty database of this test file's own (a clone of the template). Call it once at the top of a file or in
 * beforeAll; it is dropped after the file's last test.
 *
 *     const { db } = await testDatabase();
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, drop } = await createTestDatabase(templateDatabase);
  const db = connect(url);
  afterAll(async () => {
    await db.$disconnect();
    await drop();
  });
  return { url, db };
}

/** A database without any table, for tests of migrations. */
export async function emptyDatabase(): Promise<string> {
  const { url, drop } = await createTestDatabase("template0");
  afterAll(drop);
  return url;
}

async function createTestDatabase(template: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = inject("databaseServer");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  // FORCE: a test may leave a listener or a worker connected.
  return { url: address.href, drop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function administer(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
