import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type PoolClient } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openCheckpoint, parseVerifierKey, signNote, verifyCosignatures } from "@/lib/engine/log";
import { openKeys } from "@/lib/ledger/log/keys";
import { publishCheckpoint } from "@/lib/ledger/log/publish";
import { logVerifierKeys, publishedCheckpoint } from "@/lib/ledger/log/read";
import { checkPast, runSequencer, type SequencerOptions, step } from "@/lib/ledger/log/run-sequencer";
import { recordAct } from "@/lib/ledger/server";
import { configuredWitnesses, type Witness } from "@/lib/ledger/witness/configured";
import { cosignNewest } from "@/lib/ledger/witness/cosign-newest";
import { runWitnesses, type WitnessRun } from "@/lib/ledger/witness/run-witnesses";
import { noteWitness, witnessStates } from "@/lib/ledger/witness/state";
import { type HeadsDeps, witnessedHeads } from "@/lib/ledger/witness/witnessed-heads";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { folderFiles } from "@/lib/platform/blobs/named-files";
import { systemClock } from "@/lib/platform/clock";
import { commitFacts } from "@/tests/support/commit-facts";
import { testDatabase } from "@/tests/support/database";
import { startWitness, type TestWitness } from "@/tests/support/witness";

const { db, url } = await testDatabase();
const empty = await testDatabase();
const emptyPool = new Pool({ connectionString: empty.url, max: 1 });
const origin = "localhost/test-log";
const pool = new Pool({ connectionString: url, max: 4 });
const never = new AbortController().signal;
let folder: string;
let options: SequencerOptions;
let number = 0;
let peer: TestWitness;
let witness: Witness;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-witness-"));
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
  await withClient((client) => checkPast(client, options));
  await grow(1);
});
afterAll(async () => {
  await Promise.all([pool.end(), emptyPool.end()]);
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  peer = await startWitness(`witness.example/w${++number}`);
  peer.trust(origin, await logVerifierKeys(db));
  [witness] = configuredWitnesses(`${peer.vkey} ${peer.url}/`) as [Witness];
});
afterEach(() => peer.close());

async function withClient<Result>(use: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

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

async function grow(entries: number): Promise<number> {
  for (let made = 0; made < entries; made += 1) await act();
  await withClient((client) => step(client, options));
  return (await publishedCheckpoint(db))?.size ?? 0;
}

const deps = () => ({ db, files: options.files, clock: systemClock, timeoutMs: 2_000 });
const heads = (over: Partial<HeadsDeps> = {}): HeadsDeps => ({
  db,
  files: options.files,
  origin,
  logKeys: [],
  witnesses: [witness],
  timeoutMs: 2_000,
  ...over,
});
const lines = () => db.logSignature.findMany({ where: { signer: "witness", name: witness.key.name } });
const answer =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
  (_: unknown, response: ServerResponse) =>
    void response.writeHead(status, headers).end(body);

describe("add-checkpoint", () => {
  test("a checkpoint is cosigned, grown by a proof, and cosigned again", async () => {
    const first = await grow(1);
    expect(await cosignNewest(deps(), witness, never)).toEqual({ outcome: "cosigned", fresh: true });
    const second = await grow(300);
    expect(await cosignNewest(deps(), witness, never)).toEqual({ outcome: "cosigned", fresh: true });
    expect(await cosignNewest(deps(), witness, never)).toEqual({ outcome: "cosigned", fresh: false });
    expect((await lines()).map(({ size }) => Number(size)).sort((a, b) => a - b)).toEqual([first, second]);
    expect(peer.statuses).toEqual([200, 200]);
    expect(peer.latest(origin)?.size).toBe(BigInt(second));
  });

  test("the published note carries the line, and it verifies", async () => {
    await grow(1);
    await cosignNewest(deps(), witness, never);
    await withClient((client) => publishCheckpoint(client, options));
    const note = await options.files.get("log/checkpoint");
    const keys = (await logVerifierKeys(db)).map(parseVerifierKey);
    const opened = openCheckpoint(note ?? "", { origin, keys });
    const [cosignature] = verifyCosignatures(opened.note, [witness.key]);
    expect(cosignature?.key.name).toBe(peer.name);
    expect(Math.abs((cosignature?.time ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  });

  test("a witness that knows more of us than we remember is asked again from its size", async () => {
    await grow(2);
    await cosignNewest(deps(), witness, never);
    // Its second answer is lost on the way.
    await grow(3);
    const submitted = (await publishedCheckpoint(db))?.size;
    peer.misbehave((request, response) => {
      peer.misbehave(null);
      response.destroy();
      request.destroy();
    });
    expect(await cosignNewest(deps(), witness, never)).toMatchObject({ problem: "unreachable" });
    const other = { ...witness };
    expect(await cosignNewest(deps(), other, never)).toMatchObject({ fresh: true });
    // One of whose lines nothing is kept here, as after a change of machines.
    await grow(1);
    const forgetful = await startWitness("witness.example/forgetful");
    forgetful.trust(origin, await logVerifierKeys(db));
    const [stranger] = configuredWitnesses(`${forgetful.vkey} ${forgetful.url}`) as [Witness];
    const note = (await publishedCheckpoint(db))?.note ?? "";
    await fetch(`${forgetful.url}/add-checkpoint`, { method: "POST", body: `old 0\n\n${note}` });
    await grow(5);
    expect(await cosignNewest(deps(), stranger, never)).toMatchObject({ fresh: true });
    expect(forgetful.statuses).toEqual([200, 409, 200]);
    expect(submitted).toBeGreaterThan(0);
    await forgetful.close();
  });

  test("a log it does not know, and a key it does not trust", async () => {
    const stranger = await startWitness("witness.example/stranger");
    const [one] = configuredWitnesses(`${stranger.vkey} ${stranger.url}`) as [Witness];
    expect(await cosignNewest(deps(), one, never)).toMatchObject({ problem: "unknown-log" });
    const keys = openKeys({ folder: join(folder, "other-keys") });
    const foreign = `${origin}+00000000+${Buffer.concat([Buffer.of(1), keys.of("log").publicKey]).toString("base64")}`;
    stranger.trust(origin, [foreign]);
    expect(await cosignNewest(deps(), one, never)).toMatchObject({ problem: "refused-key" });
    await stranger.close();
  });

  test("one that has seen another tree under our name refuses, and nothing is kept", async () => {
    await grow(1);
    await cosignNewest(deps(), witness, never);
    const latest = peer.latest(origin) as unknown as { root: Buffer };
    latest.root = Buffer.alloc(32, 7);
    await grow(1);
    expect(await cosignNewest(deps(), witness, never)).toMatchObject({ problem: "inconsistent" });
    expect(await lines()).toHaveLength(1);
  });

  const text = async () => {
    const note = (await publishedCheckpoint(db))?.note ?? "";
    return note.slice(0, note.lastIndexOf("\n\n") + 1);
  };
  const now = () => Math.floor(Date.now() / 1000);

  test.each<[string, () => Promise<(request: never, response: ServerResponse) => void> | unknown, string]>([
    ["nothing", () => answer(200, ""), "unexpected-answer"],
    ["no line", () => answer(200, "hello\n"), "unexpected-answer"],
    ["HTML", () => answer(200, "<html>\n\n</html>\n"), "unexpected-answer"],
    [
      "a line without its newline",
      async () => answer(200, peer.cosign(await text(), now())),
      "unexpected-answer",
    ],
    ["CRLF", async () => answer(200, `${peer.cosign(await text(), now())}\r\n`), "unexpected-answer"],
    ["bytes that are no UTF-8", () => answer(200, Buffer.of(0xff, 0xfe, 10)), "unexpected-answer"],
    [
      "a line of somebody else",
      async () =>
        answer(200, `${(await text()) && `— other.example ${Buffer.alloc(76).toString("base64")}`}\n`),
      "no-cosignature",
    ],
    [
      "its line over another text",
      () => answer(200, `${peer.cosign("another\n1\nAAAA\n", now())}\n`),
      "bad-cosignature",
    ],
    [
      "a short signature",
      async () => answer(200, `${peer.cosign(await text(), now()).slice(0, -8)}\n`),
      "unexpected-answer",
    ],
    [
      "a thousand lines",
      async () => answer(200, `${peer.cosign(await text(), now())}\n`.repeat(100)),
      "unexpected-answer",
    ],
    [
      "a time long ago",
      async () => answer(200, `${peer.cosign(await text(), now() - 86_400)}\n`),
      "wrong-time",
    ],
    [
      "a time to come",
      async () => answer(200, `${peer.cosign(await text(), now() + 86_400)}\n`),
      "wrong-time",
    ],
    ["no time", async () => answer(200, `${peer.cosign(await text(), 0)}\n`), "wrong-time"],
    ["a megabyte", () => answer(200, Buffer.alloc(1_000_000, 65)), "too-large"],
    ["400", () => answer(400, "no\n"), "refused-request"],
    ["a conflict without a size", () => answer(409, "\n"), "unexpected-answer"],
    ["a conflict with leading zeros", () => answer(409, "007\n"), "unexpected-answer"],
    ["a conflict with a size of 2^53", () => answer(409, "9007199254740992\n"), "unexpected-answer"],
    [
      "a conflict with a size of a hundred digits",
      () => answer(409, `${"9".repeat(100)}\n`),
      "unexpected-answer",
    ],
    ["a conflict beyond our size", () => answer(409, "1000000\n"), "ahead"],
    ["the same conflict for ever", () => answer(409, "1\n"), "busy"],
    ["429", () => answer(429, "slow down\n", { "retry-after": "7" }), "rate-limited"],
    ["503", () => answer(503, "down\n"), "server-error"],
    ["a redirect", () => answer(302, "", { location: "http://127.0.0.1:1/" }), "unexpected-answer"],
  ])("%s is refused", async (_name, make, problem) => {
    await grow(1);
    peer.misbehave((await make()) as never);
    expect(await cosignNewest(deps(), witness, never)).toMatchObject({ outcome: "problem", problem });
    expect(await lines()).toEqual([]);
  });

  test("a body that never ends and an answer that never comes are given up", async () => {
    peer.misbehave((_request, response) => {
      response.writeHead(200);
      response.write("— ");
    });
    expect(await cosignNewest({ ...deps(), timeoutMs: 200 }, witness, never)).toMatchObject({
      problem: "timeout",
    });
    peer.misbehave(() => undefined);
    expect(await cosignNewest({ ...deps(), timeoutMs: 200 }, witness, never)).toMatchObject({
      problem: "timeout",
    });
    const stopping = new AbortController();
    const asked = cosignNewest({ ...deps(), timeoutMs: 60_000 }, witness, stopping.signal);
    setTimeout(() => stopping.abort(), 50);
    await expect(asked).rejects.toThrow();
  });
});

describe("state", () => {
  test("says since when and why a witness does not cosign, and forgets it afterwards", async () => {
    await grow(1);
    const start = new Date("2026-03-01T08:00:00.000Z");
    const [empty] = await witnessStates(db, [witness]);
    expect(empty).toMatchObject({ name: peer.name, last: null, trouble: null });
    await noteWitness(db, witness, "timeout", start);
    await noteWitness(db, witness, "timeout", new Date("2026-03-01T09:00:00.000Z"));
    expect((await witnessStates(db, [witness]))[0]?.trouble).toEqual({
      problem: "timeout",
      since: start.toISOString(),
    });
    await cosignNewest(deps(), witness, never);
    await noteWitness(db, witness, null, new Date());
    const [well] = await witnessStates(db, [witness]);
    expect(well).toMatchObject({ trouble: null, last: { size: (await publishedCheckpoint(db))?.size } });
  });
});

describe("what witnesses know, for the guard", () => {
  test("the checkpoint one serves counts; an outage counts for nothing", async () => {
    const size = await grow(1);
    expect((await witnessedHeads(heads(), never)).map((head) => head.size)).toEqual([size]);
    expect(await witnessedHeads(heads(), never)).toEqual([
      { who: `the witness ${peer.name}`, size, root: null },
    ]);
    await cosignNewest(deps(), witness, never);
    expect((await witnessedHeads(heads(), never)).map((head) => head.size)).toEqual([size]);
    peer.misbehave((_, response) => void response.destroy());
    expect(await witnessedHeads(heads(), never)).toEqual([]);
  });

  test("a database that was put back, with guard and files lost as well, is told by a witness", async () => {
    const size = await grow(1);
    await cosignNewest(deps(), witness, never);
    const files = folderFiles(join(folder, "lost"));
    const past = (logKeys: readonly string[]) =>
      checkPast(emptyClient, {
        ...options,
        files,
        guardFile: join(folder, "lost.json"),
        knownHeads: () => witnessedHeads(heads({ db: empty.db, files, logKeys }), never),
      });
    const emptyClient = await emptyPool.connect();
    try {
      await expect(past(await logVerifierKeys(db))).rejects.toThrow(
        `the witness ${peer.name} knows ${size} entries of this log, the database has 0`,
      );
      peer.misbehave((_, response) => void response.destroy());
      await past(await logVerifierKeys(db));
    } finally {
      emptyClient.release();
    }
  });

  test("a witness that serves another tree of ours gives its root, which stops the log", async () => {
    await grow(1);
    await cosignNewest(deps(), witness, never);
    const body = `${origin}\n1\n${Buffer.alloc(32, 9).toString("base64")}\n`;
    const key = options.keys.of("log");
    const note = `${body}\n${signNote(body, { name: origin, publicKey: key.publicKey, sign: key.sign })}\n`;
    peer.misbehave((_, response) => void response.writeHead(200).end(note));
    const [head] = await witnessedHeads(heads(), never);
    expect(head).toMatchObject({ size: 1, root: new Uint8Array(32).fill(9) });
    await expect(
      withClient((client) =>
        checkPast(client, { ...options, knownHeads: () => witnessedHeads(heads(), never) }),
      ),
    ).rejects.toThrow(/another tree of 1 entries/);
  });

  test("a served checkpoint that our key has not signed counts for nothing", async () => {
    peer.misbehave((request, response) =>
      request.method === "GET"
        ? void response
            .writeHead(200)
            .end(`${origin}\n99\n${Buffer.alloc(32).toString("base64")}\n\n— x AAAAAAAA\n`)
        : void response.writeHead(500).end(),
    );
    expect(await witnessedHeads(heads(), never)).toEqual([]);
  });
});

describe("running", () => {
  const running = (witnesses: readonly Witness[], over: Partial<WitnessRun> = {}): WitnessRun => ({
    ...deps(),
    timeoutMs: 300,
    witnesses,
    republish: () => withClient((client) => publishCheckpoint(client, options)).then(() => undefined),
    leastIntervalMs: 0,
    backOffMs: [20, 100],
    pollMs: 60_000,
    ...over,
  });
  const until = async (what: string, is: () => Promise<boolean> | boolean) => {
    for (let tries = 0; tries < 500; tries += 1) {
      if (await is()) return;
      await sleep(20);
    }
    throw new Error(`waited in vain for: ${what}`);
  };
  const published = async () => Buffer.from((await options.files.get("log/checkpoint")) ?? "").toString();

  test("a witness that hangs delays neither another nor the log; back on duty it catches up", async () => {
    const slow = await startWitness("witness.example/slow");
    slow.trust(origin, await logVerifierKeys(db));
    slow.misbehave(() => undefined);
    const witnesses = configuredWitnesses(`${peer.vkey} ${peer.url}, ${slow.vkey} ${slow.url}`);
    const stopping = new AbortController();
    const run = runWitnesses(running(witnesses), stopping.signal);
    const wakes = new Set<() => void>();
    const sequencer = runSequencer(
      {
        ...options,
        hooks: [async () => run.ring()],
        onAct: (wake) => {
          wakes.add(wake);
          return () => wakes.delete(wake);
        },
      },
      stopping.signal,
    );
    const before = (await publishedCheckpoint(db))?.size ?? 0;
    for (let made = 0; made < 20; made += 1) await act();
    for (const wake of wakes) wake();
    await until("all is published", async () => (await publishedCheckpoint(db))?.size === before + 20);
    await until("the good one has cosigned", async () => (await published()).includes(`— ${peer.name} `));
    expect(await published()).not.toContain(slow.name);
    await until("its trouble is noted", async () =>
      (await witnessStates(db, witnesses)).some(({ trouble }) => trouble?.problem === "timeout"),
    );
    slow.misbehave(null);
    await until("the slow one has cosigned", async () => (await published()).includes(`— ${slow.name} `));
    await until("its trouble is over", async () =>
      (await witnessStates(db, witnesses)).every(({ trouble }) => trouble === null),
    );
    expect(await published()).toContain(`— ${peer.name} `);
    stopping.abort();
    await Promise.all([run.done, sequencer]);
    await slow.close();
  });

  test("a line that could not be published at first is published in the next round", async () => {
    await grow(1);
    let refusals = 2;
    const republish = async () => {
      refusals -= 1;
      if (refusals >= 0) throw new Error("the store is away");
      await withClient((client) => publishCheckpoint(client, options));
    };
    const stopping = new AbortController();
    const run = runWitnesses(running([witness], { republish }), stopping.signal);
    await until("published", async () => (await published()).includes(`— ${peer.name} `));
    expect(refusals).toBe(-1);
    stopping.abort();
    await run.done;
  });

  test("after a failure it waits longer each time, however often it is rung", async () => {
    peer.misbehave(answer(503, "down\n"));
    await grow(1);
    const stopping = new AbortController();
    const run = runWitnesses(running([witness], { backOffMs: [200, 60_000] }), stopping.signal);
    const ringing = setInterval(() => run.ring(), 5);
    await sleep(1_200);
    clearInterval(ringing);
    stopping.abort();
    await run.done;
    // 0, ≥ 150, ≥ 450, ≥ 1,050 ms: never more than four tries however slow or fast the machine is.
    expect(peer.statuses.length).toBeGreaterThanOrEqual(1);
    expect(peer.statuses.length).toBeLessThanOrEqual(4);
  });
});
