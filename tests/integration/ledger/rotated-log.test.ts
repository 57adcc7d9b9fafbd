import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Checked, checkBundle } from "@/components/log/check-bundle";
import { checkingCommands } from "@/components/log/commands";
import { openCheckpoint, parseNote, parseProof, parseVerifierKey } from "@/lib/engine/log";
import { verifyStillHolds } from "@/lib/engine/log/monitor";
import { openKeys, retirePreviousKey } from "@/lib/ledger/log/keys";
import { publishCheckpoint } from "@/lib/ledger/log/publish";
import { logVerifierKeys, publishedCheckpoint } from "@/lib/ledger/log/read";
import { logSummary, rotateKey } from "@/lib/ledger/server";
import { configuredWitnesses, type Witness } from "@/lib/ledger/witness/configured";
import { cosignNewest } from "@/lib/ledger/witness/cosign-newest";
import { systemClock } from "@/lib/platform/clock";
import { testDatabase } from "@/tests/support/database";
import { type FarSide, startFarSide } from "@/tests/support/far-side";
import { type LogPlace, logPlace, onClient, recordCommit, sequence } from "@/tests/support/log-place";
import { servedLog } from "@/tests/support/served-log";
import { startWitness, type TestWitness } from "@/tests/support/witness";

// Entry 0 is witnessed under the first key; then the log key is rotated, and in the end the first key is retired.
const { db, url } = await testDatabase();
let place: LogPlace;
let peer: TestWitness;
let site: FarSide;
let serve: ReturnType<typeof servedLog>;
const never = new AbortController().signal;

async function cosign(): Promise<void> {
  const [witness] = configuredWitnesses(`${peer.vkey} ${peer.url}/`) as [Witness];
  peer.trust(place.options.origin, await logVerifierKeys(db));
  const deps = { db, files: place.options.files, clock: systemClock, timeoutMs: 5_000 };
  expect(await cosignNewest(deps, witness, never)).toMatchObject({ outcome: "cosigned" });
  await onClient(url, (client) => publishCheckpoint(client, place.options));
}

async function reopen(): Promise<void> {
  Object.assign(place.options, { keys: openKeys({ folder: `${place.folder}/keys` }) });
  await recordCommit(db);
  await sequence(place.options);
}

const keyIds = async () => (await logVerifierKeys(db)).map((key) => key.split("+")[1]);
const signers = (note: Uint8Array | string) =>
  parseNote(note).signatures.map(({ keyId }) => Buffer.from(keyId).toString("hex"));

beforeAll(async () => {
  place = await logPlace(url);
  peer = await startWitness("witness.example/w1");
  serve = servedLog(db, place.options.files, [peer.vkey]);
  site = await startFarSide(async (request, response) => {
    const { status, body } = await serve(request.url ?? "");
    response.writeHead(status, { "content-length": body.length }).end(body);
  });
  await recordCommit(db);
  await sequence(place.options);
  await cosign();
  // The newest checkpoint gets a line of the new key as well: that of entry 0 is an older one.
  await recordCommit(db);
  await sequence(place.options);
});
afterAll(async () => {
  await site.close();
  await peer.close();
  await place.remove();
});
afterEach(() => vi.unstubAllGlobals());

/** Checks as the page does; `siteKeys` are those that stood on the page when it was read. */
async function check(
  asked: { readonly entry?: number; readonly file?: Uint8Array<ArrayBuffer>; readonly key?: string },
  siteKeys?: readonly string[],
): Promise<Checked> {
  const keys = siteKeys ?? (await logSummary({ db }))?.keys.map(({ verifierKey }) => verifierKey) ?? [];
  vi.stubGlobal("fetch", async (path: string) => {
    const { status, body } = await serve(path);
    return new Response(status === 200 ? body : null, { status });
  });
  const file = asked.file === undefined ? null : new File([asked.file], "bundle.zip");
  return checkBundle({
    file,
    entry: String(asked.entry ?? ""),
    key: asked.key ?? "",
    siteKeys: keys,
  });
}

const good = { outcome: "checked", good: true };
const live = (checked: Checked) =>
  checked.outcome === "checked" ? (checked.steps.find(({ id }) => id === "live")?.ok ?? null) : null;

async function runCommands(index: number): Promise<readonly string[]> {
  const summary = await logSummary({ db });
  if (summary === null) throw new Error("the log is empty");
  const folder = await mkdtemp(join(tmpdir(), "slipmark-commands-"));
  try {
    const printed: string[] = [];
    for (const command of checkingCommands({ ...summary, site: site.url, index })) {
      const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], { cwd: folder });
      printed.push(stdout + stderr);
    }
    return printed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireCommands(): Promise<void> {
  const [one = "", two = "", three = ""] = await runCommands(0);
  expect(one).toContain("Signature Verified Successfully");
  const [computed, checkpoint] = two.split("\n");
  expect(checkpoint?.split(/\s+/)[1]).toBe(computed?.split(/\s+/)[1]);
  expect(three).toContain("Signature Verified Successfully");
}

let firstBundle: Uint8Array<ArrayBuffer>;
let firstKey: string;
let secondKey: string;

describe("before a rotation", () => {
  test("an entry, a file and a key of the reader's hold", async () => {
    firstBundle = (await serve("/api/v1/entries/0/bundle.zip")).body;
    [firstKey = ""] = await logVerifierKeys(db);
    for (const checked of [
      await check({ entry: 0 }),
      await check({ file: firstBundle }),
      await check({ entry: 0, key: firstKey }),
    ])
      expect([checked, live(checked)]).toEqual([
        expect.objectContaining({ ...good, keys: [firstKey] }),
        true,
      ]);
    await requireCommands();
  });
});

describe("while the old key signs beside the new one", () => {
  test("the checkpoint has two lines of the log, the newest key's first, in the file as in proofs", async () => {
    await rotateKey({ db, clock: systemClock }, { folder: `${place.folder}/keys` }, "log");
    await reopen();
    [secondKey = ""] = await logVerifierKeys(db);
    expect(secondKey).not.toBe(firstKey);
    const note = (await serve("/log/checkpoint")).body;
    expect(signers(note)).toEqual(await keyIds());
    for (const key of [firstKey, secondKey])
      openCheckpoint(note, { origin: place.options.origin, keys: [parseVerifierKey(key)] });
    expect((await publishedCheckpoint(db))?.note).toBe(Buffer.from(note).toString());
    await cosign();
    expect(signers((await serve("/log/checkpoint")).body).slice(0, 2)).toEqual(await keyIds());
    expect((await publishedCheckpoint(db))?.note).toBe(
      Buffer.from((await serve("/log/checkpoint")).body).toString(),
    );
  });

  test("the page names both keys and their time", async () => {
    expect((await logSummary({ db }))?.keys).toMatchObject([
      { verifierKey: secondKey, replacedAt: null, signs: true },
      { verifierKey: firstKey, replacedAt: expect.any(String), signs: true },
    ]);
  });

  test("the three commands check", () => requireCommands());

  test("entries and files from before and after hold, each against the log as it is", async () => {
    const last = (await logSummary({ db }))?.example ?? -1;
    const after = (await serve(`/api/v1/entries/${last}/bundle.zip`)).body;
    for (const checked of [
      await check({ entry: 0 }),
      await check({ entry: last }),
      await check({ file: firstBundle }),
      await check({ file: after }),
      await check({ entry: last, key: firstKey }),
      await check({ entry: 0, key: secondKey }),
    ])
      expect([checked, live(checked)]).toEqual([expect.objectContaining(good), true]);
  });
});

describe("after the old key was retired", () => {
  test("the newest key alone signs", async () => {
    retirePreviousKey(`${place.folder}/keys`);
    await reopen();
    await cosign();
    expect(signers((await serve("/log/checkpoint")).body).slice(0, -1)).toEqual([secondKey.split("+")[1]]);
    expect((await logSummary({ db }))?.keys).toMatchObject([
      { verifierKey: secondKey, signs: true },
      { verifierKey: firstKey, signs: false, replacedAt: expect.any(String) },
    ]);
  });

  test("the three commands check", () => requireCommands());

  test("entry 0, witnessed under the first key, holds, and the log of today begins with its checkpoint", async () => {
    const checked = await check({ entry: 0 });
    expect(checked).toMatchObject({ ...good, trusted: "site", keys: [firstKey] });
    expect(live(checked)).toBe(true);
    expect((await serve("/api/v1/entries/0/bundle.zip")).body).toEqual(firstBundle);
  });

  test("so does a file from then, and a page that was read before the rotation", async () => {
    expect(live(await check({ file: firstBundle }))).toBe(true);
    const last = (await logSummary({ db }))?.example ?? -1;
    for (const entry of [0, last]) {
      const checked = await check({ entry }, [firstKey]);
      expect([checked, live(checked)]).toEqual([expect.objectContaining(good), true]);
    }
  });

  test("who knows the old key alone has its word on the new one, and who knows the new one needs no old one", async () => {
    const note = parseProof(unzipSync(firstBundle)["entry.tlog-proof"] ?? new Uint8Array()).checkpoint;
    const older = [firstKey];
    expect(await verifyStillHolds(serve, note, { older, trusted: [firstKey] })).toMatch(
      /^1 → \d+; entry 2 names the key of today$/,
    );
    expect(await verifyStillHolds(serve, note, { older, trusted: [secondKey] })).toMatch(/^1 → \d+$/);
  });

  test("under the newest key that the reader gave, the log of today vouches for the old checkpoint", async () => {
    const checked = await check({ entry: 0, key: secondKey });
    expect(checked).toMatchObject({ ...good, trusted: "given", keys: [firstKey] });
    expect(live(checked)).toBe(true);
    expect(await check({ entry: 0, key: `${firstKey} ${secondKey}` })).toMatchObject(good);
  });

  test("under the old key alone a new checkpoint is neither accepted nor called false", async () => {
    const last = (await logSummary({ db }))?.example ?? -1;
    expect(await check({ entry: last, key: firstKey })).toEqual({ outcome: "trouble", trouble: "otherKey" });
  });

  test("a key that never was the log's does not hold, nor does a changed file", async () => {
    const foreign = openKeys({ folder: join(place.folder, "foreign") }).of("log").publicKey;
    const { formatVerifierKey } = await import("@/lib/engine/log");
    const key = formatVerifierKey(place.options.origin, 1, foreign);
    expect(await check({ entry: 0, key })).toMatchObject({ outcome: "checked", good: false });
    const changed = Uint8Array.from(firstBundle);
    const at = Buffer.from(changed).indexOf("slipmark/payload/v1\n") + 70;
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await check({ file: changed })).toMatchObject({ outcome: "checked", good: false });
  });

  test("a log that cannot be reached makes no proof false", async () => {
    const whole = serve;
    serve = async (path) => {
      if (path.startsWith("/log/")) throw new TypeError("fetch failed");
      return whole(path);
    };
    const siteKeys = [secondKey, firstKey];
    try {
      expect(await check({ file: firstBundle }, siteKeys)).toMatchObject(good);
      expect(await check({ entry: 0, key: secondKey }, siteKeys)).toEqual({
        outcome: "trouble",
        trouble: "otherKey",
      });
    } finally {
      serve = whole;
    }
  });

  test("verify.py holds the old bundle under both keys in one file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "slipmark-old-bundle-"));
    try {
      await writeFile(join(folder, "bundle.zip"), firstBundle);
      await writeFile(join(folder, "keys"), (await serve("/log/vkey")).body);
      const command =
        "python3 -m zipfile -e bundle.zip bundle && python3 bundle/verify.py bundle --log-key keys";
      const { stdout } = await promisify(execFile)("sh", ["-c", command], { cwd: folder });
      expect(stdout).toContain("Every check holds.");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
