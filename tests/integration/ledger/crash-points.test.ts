import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { checkCopies } from "@/lib/ledger/log/blob-copies";
import { checkPast, type SequencerOptions, step } from "@/lib/ledger/log/run-sequencer";
import { testDatabase } from "@/tests/support/database";
import { logPlace, onClient, recordCommit, requireSoundLog, sequence } from "@/tests/support/log-place";

const { db, url } = await testDatabase();
const place = await logPlace(url);
afterAll(place.remove);

/** The sequencer's start and one round, ended before its n-th query or file. True when it came to its end first. */
async function endsAt(n: number, options: SequencerOptions): Promise<boolean> {
  let left = n;
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const counted = <Target extends object>(target: Target, names: readonly string[]): Target =>
    new Proxy(target, {
      get(of, name) {
        const value = Reflect.get(of, name);
        if (typeof value !== "function") return value;
        if (!names.includes(String(name))) return value.bind(of);
        return async (...given: unknown[]) => {
          if (left === 0) {
            // As when the process is killed: the server notices, and rolls back.
            stream.destroy();
            throw new Error("killed here");
          }
          left -= 1;
          return value.apply(of, given);
        };
      },
    });
  const dying = {
    ...options,
    blobs: counted(options.blobs, ["put"]),
    files: counted(options.files, ["put", "get", "delete", "list"]),
  };
  try {
    const watched = counted(client, ["query"]) as never;
    await checkPast(watched, dying);
    await step(watched, dying);
    await client.end();
    return true;
  } catch (error) {
    if (left > 0) throw error;
    return false;
  }
}

test("ended before any one of its steps, the next start makes the same log of it", async () => {
  const recorded: string[] = [];
  let points = 0;
  for (let done = false; !done; points += 1) {
    for (let at = 0; at < 5; at += 1) recorded.push(await recordCommit(db));
    done = await endsAt(points, place.options);
    // What readers see is whole at every moment.
    if (points % 16 === 15) await requireSoundLog(place.options);
    await sequence(place.options);
    expect(await db.logPending.count()).toBe(0);
  }
  expect(points).toBeGreaterThan(40);
  // More than a full tile, so that partial ones were taken away on the way.
  expect(recorded.length).toBeGreaterThan(256);
  expect([...(await requireSoundLog(place.options))].sort()).toEqual([...recorded].sort());
  expect(await db.logSignature.count({ where: { signer: "log" } })).toBe(await db.logCheckpoint.count());
}, 120_000);

test("an act that cannot become an entry stays behind, is told of, and holds up nobody", async () => {
  const bad = await recordCommit(db);
  const { id } = await db.logPending.findUniqueOrThrow({ where: { dedupKey: bad } });
  await db.logPending.update({ where: { id }, data: { statement: "{}" } });
  const good = await recordCommit(db);
  const told: string[] = [];
  await sequence({ ...place.options, onRefused: ({ message }) => told.push(message) });
  expect(told).toEqual([expect.stringContaining(`pending act ${id} cannot be appended`)]);
  expect((await requireSoundLog(place.options)).at(-1)).toBe(good);
  expect((await db.logPending.findMany()).map(({ dedupKey }) => dedupKey)).toEqual([bad]);
});

test("copies that a power cut took are written again at the next start", async () => {
  const { blobs } = place.options;
  const [lost, damaged] = await db.logEntry.findMany({ orderBy: { index: "desc" }, take: 2 });
  if (lost === undefined || damaged === undefined) throw new Error("the log is empty");
  await blobs.delete(lost.pae);
  const path = join(place.folder, "blobs", damaged.pae.slice(0, 2), damaged.pae.slice(2, 4), damaged.pae);
  await writeFile(path, "");
  await onClient(url, (client) => checkCopies(client, blobs));
  for (const { pae } of [lost, damaged]) expect(await blobs.get(pae)).not.toBeNull();
});
