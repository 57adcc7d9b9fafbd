import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { recoverLog } from "@/lib/ledger/log/recover";
import { checkPast, step } from "@/lib/ledger/log/run-sequencer";
import { sequenceBatch } from "@/lib/ledger/log/sequence";
import { makeBackup } from "@/lib/platform/backup/make-backup";
import { folderObjects } from "@/lib/platform/backup/objects";
import { restoreBackup } from "@/lib/platform/backup/restore-backup";
import { connect, type Database } from "@/lib/platform/database";
import { emptyDatabase, testDatabase } from "@/tests/support/database";
import { logPlace, onClient, recordCommit, requireSoundLog, sequence } from "@/tests/support/log-place";

/** A log that went on after a backup; every test restores that backup into a database of its own. */
const { db, url } = await testDatabase();
const place = await logPlace(url);
const { options } = place;
const backup = join(place.folder, "backup");
const objects = folderObjects(join(place.folder, "blobs"));
const record = async (database: Database, count: number) => {
  const keys: string[] = [];
  for (let at = 0; at < count; at += 1) keys.push(await recordCommit(database));
  return keys;
};
await record(db, 300);
await sequence(options);
const waiting = await record(db, 10);
await makeBackup({
  databaseUrl: url,
  objects,
  guardFile: options.guardFile,
  folder: backup,
  now: new Date(),
});
await sequence(options);
await record(db, 290);
await sequence(options);
const original = {
  entries: await db.logEntry.findMany({ orderBy: { index: "asc" } }),
  statements: await db.logStatement.findMany({ orderBy: { index: "asc" } }),
  tiles: await db.logTile.findMany({ orderBy: [{ level: "asc" }, { index: "asc" }] }),
  payloads: await db.logPayload.count(),
};
afterAll(place.remove);

async function restored() {
  const databaseUrl = await emptyDatabase();
  await restoreBackup({ folder: backup, databaseUrl, objects });
  const copy = connect(databaseUrl, { max: 2 });
  opened.push(copy);
  return { db: copy, options: { ...options, databaseUrl } };
}
const opened: Database[] = [];
afterAll(() => Promise.all(opened.map((one) => one.$disconnect())));

const recover = (of: typeof options) => onClient(of.databaseUrl, (client) => recoverLog(client, of));

test("an older backup signs nothing; recovered from the published files it is the log again, row for row", async () => {
  const old = await restored();
  const mine = await recordCommit(old.db, "after the restore");
  const note = await options.files.get("log/checkpoint");
  await onClient(old.options.databaseUrl, async (client) => {
    await expect(checkPast(client as never, old.options)).rejects.toThrow("put back to an earlier state");
    await expect(step(client as never, old.options)).rejects.toThrow("put back to an earlier state");
  });
  expect(await old.db.logEntry.count()).toBe(300);
  expect(await options.files.get("log/checkpoint")).toEqual(note);

  expect(await recover(old.options)).toEqual({
    size: 600,
    added: 300,
    forked: 0,
    dropped: waiting.length,
    withoutStatement: 0,
  });
  expect(await old.db.logEntry.findMany({ orderBy: { index: "asc" } })).toEqual(original.entries);
  expect(await old.db.logStatement.findMany({ orderBy: { index: "asc" } })).toEqual(original.statements);
  expect(await old.db.logTile.findMany({ orderBy: [{ level: "asc" }, { index: "asc" }] })).toEqual(
    original.tiles,
  );
  expect(await old.db.logPayload.count()).toBe(original.payloads + 1);
  expect(await old.db.logPending.findMany({ select: { dedupKey: true } })).toEqual([{ dedupKey: mine }]);
  expect(await old.db.logDedup.count()).toBe(601);
  const open = `SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'append_only%' AND tgenabled <> 'O'`;
  expect(await old.db.$queryRawUnsafe(open)).toEqual([]);
  await expect(recover(old.options)).rejects.toThrow("nothing to recover");

  // What it signs now continues the published log; kept apart, because the other tests restore the same backup.
  await sequence({ ...old.options, guardFile: join(place.folder, "guard-of-the-first.json") });
  expect((await requireSoundLog(old.options)).at(-1)).toBe(mine);
  await options.files.put("log/checkpoint", note ?? new Uint8Array());
});

test("entries that only the restored database has make room, and their acts wait again", async () => {
  const old = await restored();
  const other = await record(old.db, 3);
  // Without guard and published checkpoint, as on a new machine: a second log under the same name.
  await onClient(old.options.databaseUrl, (client) =>
    sequenceBatch(client, { ...old.options, guardFile: join(place.folder, "no-guard.json"), limit: 100 }),
  );
  expect(await old.db.logEntry.count()).toBe(313);
  // The ten that waited when the backup was made are in both logs, with the same bytes and so at the same place.
  expect(await recover(old.options)).toMatchObject({ size: 600, forked: 3, added: 290 });
  expect((await old.db.logPending.findMany({ orderBy: { id: "asc" } })).map((row) => row.dedupKey)).toEqual(
    other,
  );
  expect(await old.db.logEntry.findMany({ orderBy: { index: "asc" } })).toEqual(original.entries);
});

test("what the guard saw and nobody could fetch yet comes back too", async () => {
  const old = await restored();
  const note = (await options.files.get("log/checkpoint")) ?? new Uint8Array();
  // The published checkpoint of an earlier moment: the process ended between guard and checkpoint.
  const line = await db.logSignature.findFirstOrThrow({ where: { size: 310 } });
  const { root } = await db.logCheckpoint.findUniqueOrThrow({ where: { size: 310 } });
  const earlier = `${options.origin}\n310\n${Buffer.from(root).toString("base64")}\n\n${line.line}\n`;
  await options.files.put("log/checkpoint", Buffer.from(earlier));
  try {
    expect(await recover(old.options)).toMatchObject({ size: 600 });
    expect(Number((await old.db.logState.findUniqueOrThrow({ where: { id: 1 } })).publishedSize)).toBe(310);
    await sequence(old.options);
    expect(Buffer.from((await options.files.get("log/checkpoint")) ?? [])).toEqual(Buffer.from(note));
  } finally {
    await options.files.put("log/checkpoint", note);
  }
});

test("a damaged or missing bundle stops it before anything is changed", async () => {
  const old = await restored();
  const name = "log/tile/entries/001";
  const bytes = (await options.files.get(name)) ?? new Uint8Array();
  const damaged = Uint8Array.from(bytes);
  damaged[300] = (damaged[300] ?? 0) ^ 1;
  try {
    await options.files.put(name, damaged);
    await expect(recover(old.options)).rejects.toThrow();
    await options.files.delete(name);
    await expect(recover(old.options)).rejects.toThrow("missing");
  } finally {
    await options.files.put(name, bytes);
  }
  expect(await old.db.logEntry.count()).toBe(300);
  expect(await old.db.logPending.count()).toBe(waiting.length);
  await expect(old.db.$executeRawUnsafe("DELETE FROM log_entry")).rejects.toThrow(/append-only/);
});

test("a log published under another key, or another tree than the guard's, is refused", async () => {
  const old = await restored();
  const guardFile = join(place.folder, "another-guard.json");
  await writeFile(guardFile, JSON.stringify({ origin: options.origin, size: 400, root: "00".repeat(32) }));
  await expect(recover({ ...old.options, guardFile })).rejects.toThrow("400 entries that the guard knows");
  await rm(guardFile);
  const stranger = await logPlace(url);
  const { keys } = stranger.options;
  await old.db.$executeRawUnsafe("ALTER TABLE log_key DISABLE TRIGGER USER");
  await old.db.$executeRawUnsafe("DELETE FROM log_key");
  await expect(recover({ ...old.options, keys })).rejects.toThrow("no known key signed");
  await stranger.remove();
});

test("without what was kept beside the log, entries come back from what is public", async () => {
  const old = await restored();
  const kept = await options.files.list("recovery/");
  const contents = await Promise.all(kept.map((name) => options.files.get(name)));
  for (const name of kept) await options.files.delete(name);
  try {
    expect(await recover(old.options)).toMatchObject({ size: 600, withoutStatement: 0 });
    const rows = await old.db.logEntry.findMany({ orderBy: { index: "asc" } });
    expect(rows.map(({ about, pae }) => [about, pae])).toEqual(
      original.entries.map(({ about, pae }) => [about, pae]),
    );
    expect(await old.db.logPending.count()).toBe(0);
  } finally {
    for (const [at, name] of kept.entries()) await options.files.put(name, contents[at] ?? new Uint8Array());
  }
});
