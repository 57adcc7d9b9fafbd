import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool, type PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  decodeBundle,
  hex,
  leafHash,
  openCheckpoint,
  parseLeaf,
  parseProof,
  parseVerifierKey,
  publicKeyOfSpki,
  rootOfHashes,
  verifyProof,
  verifyStatementSignature,
} from "@/lib/engine/log";
import { openKeys } from "@/lib/ledger/log/keys";
import { readTileFile, tileReader } from "@/lib/ledger/log/log-files";
import { publishCheckpoint } from "@/lib/ledger/log/publish";
import { logVerifierKeys, proofOf, publishedCheckpoint } from "@/lib/ledger/log/read";
import { checkPast, type SequencerOptions, step } from "@/lib/ledger/log/run-sequencer";
import { sequenceBatch } from "@/lib/ledger/log/sequence";
import { signCheckpoints } from "@/lib/ledger/log/sign-checkpoints";
import { recordAct } from "@/lib/ledger/server";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import type { Database } from "@/lib/platform/database";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";

const { db, url } = await testDatabase();
const origin = "localhost/test-log";
const pool = new Pool({ connectionString: url, max: 6 });
let folder: string;
let options: SequencerOptions;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-log-"));
  options = {
    databaseUrl: url,
    origin,
    keys: openKeys({ folder: join(folder, "keys") }),
    guardFile: join(folder, "guard.json"),
    blobs: folderBlobs(join(folder, "blobs")),
    files: folderFiles(join(folder, "blobs")),
    batch: 64,
    intervalMs: 10,
    onAct: () => () => undefined,
  };
});
afterAll(async () => {
  await pool.end();
  await rm(folder, { recursive: true, force: true });
});

async function act(database: Database = db, name = "竹里 Bamboo"): Promise<string> {
  const model = `mdl_${String(++number).padStart(20, "0")}`;
  await database.$transaction((tx) =>
    recordAct(tx, {
      kind: "commit",
      about: `model:${model}`,
      subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
      predicate: { model, ...commitFacts },
      actor: { role: "registrant", name },
      dedupKey: `commit:${model}`,
      t: new Date("2026-03-01T08:00:00.000Z"),
    }),
  );
  return model;
}

async function withClient<Result>(use: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

/** Everything the log says of itself, held against itself. Returns its size. */
async function requireSound(): Promise<number> {
  const published = await publishedCheckpoint(db);
  if (published === null) return 0;
  const keys = (await logVerifierKeys(db)).map(parseVerifierKey);
  const note = await options.files.get("log/checkpoint");
  const { size, root } = openCheckpoint(note ?? "", { origin, keys });
  const leaves: Uint8Array[] = [];
  for (let index = 0; index * 256 < size; index += 1) {
    const width = Math.min(256, size - index * 256);
    const bundle = await readTileFile(options.files, { level: "entries", index, width });
    leaves.push(...decodeBundle(bundle ?? new Uint8Array(0), width));
  }
  const hashes = leaves.map(leafHash);
  expect(hex(rootOfHashes(hashes))).toBe(hex(root));
  const rows = await db.logEntry.findMany({ orderBy: { index: "asc" } });
  expect(rows.map(({ index }) => Number(index))).toEqual(rows.map((_, at) => at));
  expect(new Set(rows.map(({ dedupKey }) => dedupKey)).size).toBe(rows.length);
  for (const checkpoint of await db.logCheckpoint.findMany({ where: { size: { lte: size } } }))
    expect(hex(rootOfHashes(hashes.slice(0, Number(checkpoint.size))))).toBe(
      hex(new Uint8Array(checkpoint.root)),
    );
  return size;
}

describe("the log", () => {
  test("signs the backlog of acts recorded before there were keys, and proves each of them", async () => {
    const models = [];
    for (let at = 0; at < 100; at += 1) models.push(await act());
    await withClient(async (client) => {
      await checkPast(client, options);
      await step(client, options);
    });
    expect(await db.logPending.count()).toBe(0);
    expect(await requireSound()).toBe(100);
    const published = await publishedCheckpoint(db);
    if (published === null) throw new Error("nothing is published");
    const keys = (await logVerifierKeys(db)).map(parseVerifierKey);
    for (const entry of await db.logEntry.findMany({ where: { index: { in: [0, 63, 64, 99] } } })) {
      const proof = await proofOf(published, Number(entry.index), tileReader(options.files));
      verifyProof(parseProof(proof ?? ""), leafHash(new Uint8Array(entry.leaf)), { origin, keys });
      const leaf = parseLeaf(new Uint8Array(entry.leaf));
      const statement = await db.logStatement.findUniqueOrThrow({ where: { index: entry.index } });
      expect(entry.about).toBe(`model:${models[Number(entry.index)]}`);
      const blob = await options.blobs.get(entry.pae);
      expect(Buffer.from(blob ?? []).toString()).toContain(statement.statement);
      expect(
        verifyStatementSignature(blob ?? new Uint8Array(), leaf.sig, new Uint8Array(statement.publicKey)),
      ).toBe(true);
      expect(publicKeyOfSpki(new Uint8Array(statement.publicKey))).toEqual(options.keys.of("site").publicKey);
      const [digest = ""] = statement.payloads;
      const preimage = await options.blobs.get(digest.slice("sha256:".length));
      expect(Buffer.from(preimage ?? []).toString()).toContain("竹里 Bamboo");
      // Nothing of a person in what is public for ever.
      expect(Buffer.from(entry.leaf).toString()).not.toMatch(/Bamboo|mdl_|commit:/);
    }
  });

  test("partial tiles go once the full one is there; any width that was published can still be read", async () => {
    const small = await readTileFile(options.files, { level: 0, index: 0, width: 100 });
    for (let at = 0; at < 200; at += 1) await act();
    await withClient((client) => step(client, options));
    expect(await requireSound()).toBe(300);
    expect(await options.files.list("log/tile/0/000.p/")).toEqual([]);
    expect(await readTileFile(options.files, { level: 0, index: 0, width: 100 })).toEqual(small);
    expect(await readTileFile(options.files, { level: 1, index: 0, width: 1 })).toHaveLength(32);
    expect(await readTileFile(options.files, { level: 0, index: 1, width: 200 })).toBeNull();
  });

  test("several sequencers and writers at once: every act once, in one row of indices", async () => {
    const before = await requireSound();
    const writers = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let at = 0; at < 40; at += 1) await act();
      }),
    );
    let writing = true;
    void writers.then(() => {
      writing = false;
    });
    const sequencers = Array.from({ length: 3 }, () =>
      withClient(async (client) => {
        while (writing || (await db.logPending.count()) > 0) await step(client, { ...options, batch: 7 });
      }),
    );
    await Promise.all([writers, ...sequencers]);
    await withClient((client) => publishCheckpoint(client, options));
    expect(await requireSound()).toBe(before + 160);
  });

  test("a rolled back act leaves nothing; the same act twice is one entry", async () => {
    const before = await requireSound();
    const model = await act();
    await expect(
      db.$transaction(async (tx) => {
        await recordAct(tx, {
          kind: "withdraw",
          about: `model:${model}`,
          subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
          predicate: { what: "model", id: model, reason: null },
          dedupKey: `withdraw:${model}`,
          t: new Date(),
        });
        throw new Error("undone");
      }),
    ).rejects.toThrow("undone");
    await withClient((client) => step(client, options));
    number -= 1;
    await act();
    await withClient((client) => step(client, options));
    expect(await requireSound()).toBe(before + 1);
  });

  test("what was committed and not signed, and what was signed and not published, is done at the next start", async () => {
    const before = await requireSound();
    await act();
    await withClient((client) => sequenceBatch(client, { ...options, limit: 10 }));
    expect(await requireSound()).toBe(before);
    await withClient((client) => step(client, options));
    expect(await requireSound()).toBe(before + 1);
    await act();
    await withClient(async (client) => {
      await sequenceBatch(client, { ...options, limit: 10 });
      await signCheckpoints(client, options);
    });
    expect(await requireSound()).toBe(before + 1);
    await withClient((client) => step(client, options));
    expect(await requireSound()).toBe(before + 2);
  });

  test("keys are readable by their owner alone, the same for every process, and none is another", async () => {
    const keys = join(folder, "keys");
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(keys)) expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
    const again = openKeys({ folder: keys });
    expect(again.made).toEqual([]);
    const all = (["log", "site", "run", "moderator"] as const).map((role) => hex(again.of(role).publicKey));
    expect(new Set(all).size).toBe(4);
    const pem = await readFile(join(keys, "log.key"), "utf8");
    expect(hex(openKeys({ folder: join(folder, "others"), given: { log: pem } }).of("log").publicKey)).toBe(
      all[0],
    );
    expect(() => openKeys({ folder: join(folder, "others"), given: { log: "c2hvcnQ=" } })).toThrow(
      "not an Ed25519 private key",
    );
  });
});

describe("nothing is signed", () => {
  test("by a process with other keys", async () => {
    const stranger = openKeys({ folder: join(folder, "strangers") });
    const refused = withClient((client) => checkPast(client, { ...options, keys: stranger }));
    await expect(refused).rejects.toThrow("the log key of this process is not the one this instance uses");
  });

  test("under another name", async () => {
    await act();
    const other = { ...options, origin: "localhost/other" };
    await expect(withClient((client) => step(client, other))).rejects.toThrow(
      "a log keeps its name for ever",
    );
  });

  test("when the guard knows a larger tree or another one", async () => {
    const guard = await readFile(options.guardFile, "utf8");
    const known = JSON.parse(guard) as { size: number; root: string };
    try {
      for (const [change, reason] of [
        [{ size: known.size + 5 }, "put back to an earlier state"],
        [{ root: "00".repeat(32) }, "another tree"],
      ] as const) {
        await writeFile(options.guardFile, JSON.stringify({ ...known, ...change }));
        const size = await db.logEntry.count();
        await act();
        await expect(withClient((client) => step(client, options))).rejects.toThrow(reason);
        await expect(withClient((client) => checkPast(client, options))).rejects.toThrow(reason);
        expect(await db.logEntry.count()).toBe(size);
      }
      await writeFile(options.guardFile, '{"size":');
      await expect(withClient((client) => step(client, options))).rejects.toThrow("is damaged");
    } finally {
      await writeFile(options.guardFile, guard);
    }
    await withClient((client) => step(client, options));
    await requireSound();
  });

  test("over a longer log that another database has published", async () => {
    const note = await options.files.get("log/checkpoint");
    const fake = Buffer.from(note ?? [])
      .toString()
      .replace(/\n\d+\n/, "\n999999\n");
    await options.files.put("log/checkpoint", Buffer.from(fake));
    await act();
    await expect(withClient((client) => step(client, options))).rejects.toThrow("999999 entries");
    await options.files.put("log/checkpoint", note ?? new Uint8Array());
    await withClient((client) => step(client, options));
    await requireSound();
  });
});

// What moves on, grows or can be erased is left out: log_pending, log_statement, log_payload, log_tile, log_state.
test.each([
  ["log_entry", "kind"],
  ["log_checkpoint", "root"],
  ["log_signature", "line"],
  ["log_timestamp", "note"],
  ["log_key", "role"],
  ["log_dedup", "kind"],
])("%s refuses every change and every loss", async (table, column) => {
  await db.$executeRaw`
    INSERT INTO log_timestamp (size, authority, token, note, time) VALUES (1, 'test', '\\x00', 'note', now())
    ON CONFLICT DO NOTHING`;
  const [{ count } = { count: 0n }] = await db.$queryRawUnsafe<{ count: bigint }[]>(
    `SELECT count(*) FROM ${table}`,
  );
  // A trigger for each row fires only where there are rows.
  expect(Number(count)).toBeGreaterThan(0);
  for (const sql of [
    `UPDATE ${table} SET ${column} = ${column}`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table}`,
    `TRUNCATE ${table} CASCADE`,
  ])
    await expect(db.$executeRawUnsafe(sql)).rejects.toThrow(/append-only/);
});
