import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleRepositories } from "@/lib/examples/releases/catalogue";
import { loadExamples } from "@/lib/examples/server";
import { makeBackup } from "@/lib/platform/backup/make-backup";
import type { Manifest } from "@/lib/platform/backup/manifest";
import { folderObjects, openObjects } from "@/lib/platform/backup/objects";
import { restoreBackup } from "@/lib/platform/backup/restore-backup";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { anonymous } from "@/lib/platform/context";
import { createJobSender } from "@/lib/platform/jobs/sender";
import { emptyDatabase, testDatabase } from "@/tests/support/database";
import { type Hub, startHub } from "@/tests/support/hub";
import { startS3 } from "@/tests/support/s3";

const { db, url } = await testDatabase();
const jobs = createJobSender(url);
const now = new Date("2026-03-01T08:00:00.000Z");
let folder: string;
let hub: Hub;
let manifest: Manifest;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-backup-"));
  hub = await startHub({ repositories: exampleRepositories() });
  const blobs = folderBlobs(at("blobs"));
  await loadExamples({
    db,
    clock: { now: () => new Date() },
    viewer: anonymous,
    jobs,
    blobs,
    sources: {
      hf: { endpoint: hub.url, token: null },
      github: { endpoint: "http://127.0.0.1:1", token: null },
      cacheFolder: at("cache"),
    },
    settings: { casePrefix: "SLP", publicOrigin: "http://localhost:3000" },
  });
  // What COPY has to quote, and what must not be in a backup.
  await db.setting.create({ data: { key: "tab\tand\\backslash", value: { zh: "竹简\n" } } });
  const someone = await db.user.findFirstOrThrow();
  await db.session.create({
    data: { id: "ses_secret", sessionToken: "a-secret-session", userId: someone.id, expires: now },
  });
  await writeFile(at("guard.json"), '{"size":12,"root":"00"}\n');
  manifest = await makeBackup({
    databaseUrl: url,
    objects: folderObjects(at("blobs")),
    guardFile: at("guard.json"),
    folder: at("backup"),
    now,
  });
});
afterAll(async () => {
  await jobs.close();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const restore = async (plan: { from?: string; databaseUrl: string; into: string }) =>
  restoreBackup({
    folder: plan.from ?? at("backup"),
    databaseUrl: plan.databaseUrl,
    objects: folderObjects(at(plan.into)),
  });

test("a restored database has the same rows, sequences and refusals; the blobs are the same bytes", async () => {
  const databaseUrl = await emptyDatabase();
  const { jobs: queue } = await restore({ databaseUrl, into: "restored" });
  expect(queue).toBe(true);
  const before = await digests(url);
  expect(Object.keys(before).length).toBeGreaterThan(30);
  expect(before["public.case"]?.rows).toBe(4);
  expect(await digests(databaseUrl)).toEqual(before);
  expect(await tree("restored")).toEqual(await tree("blobs"));
  await withClient(databaseUrl, async (client) => {
    await expect(client.query("DELETE FROM case_event")).rejects.toThrow(/append-only/);
    // The next row of a table with a counter does not collide.
    await client.query("INSERT INTO audit_event (action, subject, data) VALUES ('test', 'test', '{}')");
    const waiting = await client.query("SELECT name FROM slipmark_jobs.job WHERE state = 'created'");
    expect(waiting.rows.length).toBeGreaterThan(0);
  });
});

test("nobody can act as somebody else with what is in a backup", async () => {
  expect(manifest.tables.map(({ name }) => name)).not.toContain("session");
  const files = await Promise.all(manifest.tables.map(({ file }) => readFile(at(join("backup", file)))));
  for (const bytes of files) expect(bytes.includes("a-secret-session")).toBe(false);
  expect(manifest.guard).toBe('{"size":12,"root":"00"}\n');
});

test("a damaged or missing file is found before anything is written", async () => {
  const copy = async (name: string, change: (file: string) => Promise<void>) => {
    await makeBackup({
      databaseUrl: url,
      objects: folderObjects(at("blobs")),
      guardFile: at("none"),
      folder: at(name),
      now,
    });
    const table = manifest.tables.find((one) => one.name === "post_version");
    await change(at(join(name, table?.file ?? "?")));
    const databaseUrl = await emptyDatabase();
    const failing = restore({ from: at(name), databaseUrl, into: `${name}-into` });
    await expect(failing).rejects.toThrow(/post_version.*nothing was restored/);
    await withClient(databaseUrl, async (client) => {
      const { rows } = await client.query("SELECT * FROM pg_tables WHERE schemaname = 'public'");
      expect(rows).toEqual([]);
    });
    await expect(readdir(at(`${name}-into`))).rejects.toThrow("ENOENT");
  };
  await copy("damaged", async (file) => {
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(file, bytes);
  });
  await copy("missing", (file) => rm(file));
});

test("a database that holds something, and a folder that does, are never written over", async () => {
  await expect(restore({ databaseUrl: url, into: "restored" })).rejects.toThrow("the database is not empty");
  await expect(
    makeBackup({
      databaseUrl: url,
      objects: folderObjects(at("blobs")),
      guardFile: at("none"),
      folder: at("backup"),
      now,
    }),
  ).rejects.toThrow("exists: name a folder that does not");
  await expect(restore({ from: at("blobs"), databaseUrl: url, into: "x" })).rejects.toThrow(
    "holds no finished backup",
  );
});

test("a manifest that points outside of its folder is refused", async () => {
  const text = await readFile(at("backup/manifest.json"), "utf8");
  const evil = JSON.parse(text) as Manifest;
  evil.objects.push({ name: "../../etc/cron.d/x", size: 1, sha256: "0".repeat(64) });
  await writeFile(at("backup/manifest.json"), JSON.stringify(evil));
  const databaseUrl = await emptyDatabase();
  await expect(restore({ databaseUrl, into: "x" })).rejects.toThrow(
    "not a backup that this version can read",
  );
  await writeFile(at("backup/manifest.json"), text);
});

test("the blobs of an S3-compatible store come along and back", async () => {
  const s3 = await startS3(at("s3"));
  try {
    const settings = {
      place: s3.env.SLIPMARK_BLOBS ?? "",
      s3: {
        endpoint: s3.env.S3_ENDPOINT ?? null,
        region: "us-east-1",
        accessKeyId: "S3RVER",
        secretAccessKey: "S3RVER",
      },
    };
    await restoreBackup({
      folder: at("backup"),
      databaseUrl: await emptyDatabase(),
      objects: openObjects(settings),
    });
    const again = await makeBackup({
      databaseUrl: url,
      objects: openObjects(settings),
      guardFile: at("none"),
      folder: at("from-s3"),
      now,
    });
    expect(again.objects).toEqual(manifest.objects);
  } finally {
    await s3.close();
  }
});

async function tree(name: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const path of folderObjects(at(name)).names())
    found[path] = await readFile(join(at(name), path), "base64");
  return found;
}

/** Row count and content of every table, without those that a backup leaves out. */
async function digests(databaseUrl: string): Promise<Record<string, { rows: number; hash: string }>> {
  return withClient(databaseUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname = 'public' AND tablename NOT IN ('_prisma_migrations', 'session', 'verification_token', 'rate_limit')
       ORDER BY 1`,
    );
    const found: Record<string, { rows: number; hash: string }> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ rows: number; hash: string }>(
        `SELECT count(*)::int AS rows, md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE "C"), '')) AS hash
         FROM ${name} t`,
      );
      found[name.replaceAll('"', "")] = rows[0] ?? { rows: -1, hash: "" };
    }
    const { rows: sequences } = await client.query<{ name: string; value: string }>(
      `SELECT sequencename AS name, coalesce(last_value, 0)::text AS value FROM pg_sequences WHERE schemaname = 'public'`,
    );
    for (const { name, value } of sequences) found[`sequence ${name}`] = { rows: 1, hash: value };
    return found;
  });
}

async function withClient<Result>(
  databaseUrl: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
