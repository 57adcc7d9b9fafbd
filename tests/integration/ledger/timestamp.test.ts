import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dateBasis } from "@/lib/ledger/dates";
import { logVerifierKeys, publishedCheckpoint } from "@/lib/ledger/log/read";
import { checkPast, runSequencer, type SequencerOptions, step } from "@/lib/ledger/log/run-sequencer";
import { instanceKeys } from "@/lib/ledger/log/start-log";
import { recordAct } from "@/lib/ledger/server";
import { bundleFiles } from "@/lib/ledger/show/bundle";
import { readRoots } from "@/lib/ledger/timestamp/roots";
import { runTimestamps, type TimestampRun } from "@/lib/ledger/timestamp/run-timestamps";
import { type StampingDeps, stampNewest } from "@/lib/ledger/timestamp/stamp-newest";
import { noteTimestamp, timestampState } from "@/lib/ledger/timestamp/state";
import { startVouching } from "@/lib/ledger/vouching/start-vouching";
import { vouchersOf } from "@/lib/ledger/vouching/vouchers";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { systemClock } from "@/lib/platform/clock";
import type { Context } from "@/lib/platform/context";
import { complete, type Environment } from "@/lib/platform/env";
import { readEnvironment } from "@/lib/platform/env/read-environment";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";
import { startAuthority, type TestAuthority } from "@/tests/support/tsa";
import { startWitness, type TestWitness } from "@/tests/support/witness";

const { db, url } = await testDatabase();
const pool = new Pool({ connectionString: url, max: 2 });
const never = new AbortController().signal;
let folder: string;
let tsa: TestAuthority;
let peer: TestWitness;
let settings: Environment;
let options: SequencerOptions;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-timestamp-"));
  tsa = await startAuthority("rsa");
  peer = await startWitness();
  settings = complete(
    readEnvironment({
      SLIPMARK_DATA: folder,
      SLIPMARK_WITNESSES: `${peer.vkey} ${peer.url}`,
      SLIPMARK_TSA_URL: tsa.url,
      SLIPMARK_TSA_CERT: tsa.rootFile,
      SLIPMARK_TSA_INTERVAL: "10",
    }),
  );
  options = {
    databaseUrl: url,
    origin: settings.SLIPMARK_LOG_ORIGIN,
    keys: instanceKeys(settings, { make: true }),
    guardFile: settings.SLIPMARK_LOG_GUARD,
    blobs: folderBlobs(join(folder, "blobs")),
    files: folderFiles(join(folder, "blobs")),
    batch: 64,
    intervalMs: 10,
    onAct: () => () => undefined,
  };
  const client = await pool.connect();
  await checkPast(client, options);
  client.release();
  await grow();
  peer.trust(options.origin, await logVerifierKeys(db));
});
afterAll(async () => {
  await Promise.all([pool.end(), tsa.close(), peer.close()]);
  await rm(folder, { recursive: true, force: true });
});

async function act(): Promise<void> {
  const model = `mdl_${String(++number).padStart(20, "0")}`;
  await db.$transaction((tx) =>
    recordAct(tx, {
      kind: "commit",
      about: `model:${model}`,
      subjects: [{ name: "canary-root", digest: { sha256: "cd".repeat(32) } }],
      predicate: { model, ...commitFacts },
      actor: { role: "registrant", name: null },
      dedupKey: `commit:${model}`,
      t: new Date(),
    }),
  );
}

async function grow(): Promise<number> {
  await act();
  const client = await pool.connect();
  await step(client, options).finally(() => client.release());
  return (await publishedCheckpoint(db))?.size ?? 0;
}

const deps = (over: Partial<StampingDeps> = {}): StampingDeps => ({
  db,
  clock: systemClock,
  url: tsa.url,
  roots: readRoots(tsa.rootFile),
  timeoutMs: 20_000,
  ...over,
});

async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await is()) return;
    await sleep(20);
  }
  throw new Error(`waited in vain for: ${what}`);
}

describe("dating the newest checkpoint", () => {
  test("a token over the signed note is kept, and openssl verifies it", async () => {
    const size = await grow();
    expect(await stampNewest(deps(), never)).toEqual({ outcome: "stamped", size });
    expect(await stampNewest(deps(), never)).toEqual({ outcome: "nothing-new" });
    const row = await db.logTimestamp.findFirstOrThrow({ where: { size: BigInt(size) } });
    expect(row.note).toBe((await publishedCheckpoint(db))?.note);
    writeFileSync(join(tsa.folder, "kept.tsr"), row.token);
    writeFileSync(join(tsa.folder, "kept.note"), row.note);
    const verify = "ts -verify -in kept.tsr -data kept.note -CAfile root.pem".split(" ");
    expect(execFileSync("openssl", verify, { cwd: tsa.folder, stdio: "pipe" }).toString()).toContain("OK");
    writeFileSync(join(tsa.folder, "kept.note"), `${row.note} `);
    expect(spawnSync("openssl", verify, { cwd: tsa.folder }).status).not.toBe(0);
    expect(await dateBasis(db, size - 1)).toMatchObject({
      basis: "timestamped",
      noLaterThan: row.time.toISOString(),
      timestamp: { authority: "dating of the test", size },
    });
  });

  const answer =
    (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
    (_query: Buffer, _request: unknown, response: ServerResponse) =>
      void response.writeHead(status, headers).end(body);

  test.each<[string, () => Parameters<TestAuthority["misbehave"]>[0], string]>([
    ["503", () => answer(503, "down"), "server-error"],
    ["a redirect", () => answer(302, "", { location: tsa.url }), "server-error"],
    ["HTML", () => answer(200, "<html></html>"), "malformed"],
    ["nothing", () => answer(200, ""), "malformed"],
    ["a refusal", () => answer(200, Buffer.from("30053003020102", "hex")), "refused"],
    ["a megabyte", () => answer(200, Buffer.alloc(1_000_000)), "too-large"],
    ["a broken connection", () => (_query, _request, response) => void response.destroy(), "unreachable"],
    [
      "a token of another query",
      () => async (query, _request, response) => {
        const other = Buffer.from(query);
        // The nonce's last byte: before it stands the number, after it "certReq" (3 bytes).
        other[other.length - 4] = (other[other.length - 4] ?? 0) ^ 1;
        response.writeHead(200).end(await tsa.reply(other));
      },
      "other-nonce",
    ],
    [
      "a token over another digest",
      () => async (query, _request, response) => {
        const other = Buffer.from(query);
        const at = other.indexOf(Buffer.of(0x04, 0x20)) + 2;
        other[at] = (other[at] ?? 0) ^ 1;
        response.writeHead(200).end(await tsa.reply(other));
      },
      "other-digest",
    ],
  ])("%s is refused and nothing is kept", async (_name, misbehaviour, problem) => {
    const size = await grow();
    tsa.misbehave(misbehaviour());
    expect(await stampNewest(deps(), never)).toMatchObject({ outcome: "problem", problem });
    tsa.misbehave(null);
    expect(await db.logTimestamp.count({ where: { size: BigInt(size) } })).toBe(0);
  });

  test("an answer that never ends is given up; a clock that is wrong by a day is told", async () => {
    const size = await grow();
    tsa.misbehave((_query, _request, response) => {
      response.writeHead(200);
      response.write("0");
    });
    expect(await stampNewest(deps({ timeoutMs: 200 }), never)).toMatchObject({ problem: "timeout" });
    tsa.misbehave(null);
    const yesterday = { now: () => new Date(Date.now() - 86_400_000) };
    expect(await stampNewest(deps({ clock: yesterday }), never)).toMatchObject({ problem: "wrong-time" });
    expect(await db.logTimestamp.count({ where: { size: BigInt(size) } })).toBe(0);
  });

  test("the state says since when and why there are none", async () => {
    await noteTimestamp(db, "timeout", new Date("2026-03-01T08:00:00.000Z"));
    await noteTimestamp(db, "timeout", new Date("2026-03-01T09:00:00.000Z"));
    expect((await timestampState(db)).trouble).toEqual({
      problem: "timeout",
      since: "2026-03-01T08:00:00.000Z",
    });
    await noteTimestamp(db, null, new Date());
    expect(await timestampState(db)).toMatchObject({
      trouble: null,
      last: { authority: "dating of the test" },
    });
  });
});

describe("running", () => {
  const run = (over: Partial<TimestampRun> = {}): TimestampRun => ({
    ...deps(),
    intervalMs: 3_600_000,
    settleMs: 0,
    backOffMs: [20, 50],
    pollMs: 60_000,
    ...over,
  });
  const stamps = () => db.logTimestamp.count();

  test("never more often than the interval, however many checkpoints there are", async () => {
    await grow();
    await stampNewest(deps(), never);
    const before = await stamps();
    const asked = tsa.queries.length;
    const stopping = new AbortController();
    const running = runTimestamps(run(), stopping.signal);
    for (let made = 0; made < 5; made += 1) {
      await grow();
      running.ring();
    }
    await sleep(300);
    expect([await stamps(), tsa.queries.length]).toEqual([before, asked]);
    stopping.abort();
    await running.done;
    // The interval over, the newest is dated without being rung for.
    const later = { now: () => new Date(Date.now() + 3_600_000) };
    const again = new AbortController();
    const next = runTimestamps(run({ clock: later }), again.signal);
    await until("one more", async () => (await stamps()) > before);
    again.abort();
    await next.done;
  });

  test("through an outage the log goes on; afterwards the newest is dated", async () => {
    tsa.misbehave((_query, _request, response) => void response.destroy());
    const stopping = new AbortController();
    const running = runTimestamps(run({ intervalMs: 1 }), stopping.signal);
    const wakes = new Set<() => void>();
    const sequencer = runSequencer(
      {
        ...options,
        hooks: [async () => running.ring()],
        onAct: (wake) => {
          wakes.add(wake);
          return () => wakes.delete(wake);
        },
      },
      stopping.signal,
    );
    const before = (await publishedCheckpoint(db))?.size ?? 0;
    for (let made = 0; made < 10; made += 1) await act();
    for (const wake of wakes) wake();
    await until("published", async () => (await publishedCheckpoint(db))?.size === before + 10);
    await until("trouble", async () => (await timestampState(db)).trouble?.problem === "unreachable");
    tsa.misbehave(null);
    await until("dated", async () => (await timestampState(db)).last?.size === before + 10);
    await until("no trouble", async () => (await timestampState(db)).trouble === null);
    stopping.abort();
    await Promise.all([running.done, sequencer]);
  });
});

test("as the worker runs it: cosigned, then dated, and the bundle verifies with tools that are not ours", async () => {
  const stopping = new AbortController();
  const ctx = { db, clock: systemClock, blobs: options.blobs } as Context;
  const vouching = startVouching(ctx, settings, {
    databaseUrl: url,
    files: options.files,
    signal: stopping.signal,
  });
  const wakes = new Set<() => void>();
  const sequencer = runSequencer(
    {
      ...options,
      hooks: [vouching.hook],
      knownHeads: vouching.knownHeads,
      onAct: (wake) => {
        wakes.add(wake);
        return () => wakes.delete(wake);
      },
    },
    stopping.signal,
  );
  const index = (await publishedCheckpoint(db))?.size ?? 0;
  await act();
  for (const wake of wakes) wake();
  await until("witnessed and dated", async () => {
    const basis = await dateBasis(db, index);
    return basis !== null && basis.witnesses.length > 0 && basis.timestamp !== null;
  });
  stopping.abort();
  await Promise.all([vouching.done, sequencer]);
  const basis = await dateBasis(db, index);
  expect(basis).toMatchObject({
    witnesses: [{ name: peer.name, size: index + 1 }],
    timestamp: { size: index + 1 },
  });
  // The wait before dating is there so that the note carries the witness.
  const row = await db.logTimestamp.findFirstOrThrow({ where: { size: BigInt(index + 1) } });
  expect(row.note).toContain(`— ${peer.name} `);

  const files = await bundleFiles({ db }, index, vouchersOf(settings));
  const place = join(folder, "bundle");
  for (const [name, bytes] of files ?? []) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), bytes);
  }
  const checked = spawnSync("python3", ["verify.py"], { cwd: place, encoding: "utf8" });
  expect(checked.stderr).toBe("");
  expect(checked.stdout).toContain(peer.name);
  expect(checked.stdout).toContain("an outside authority dated the checkpoint");
  expect(checked.status).toBe(0);
}, 60_000);
