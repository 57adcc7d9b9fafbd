import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseNote } from "@/lib/engine/log";
import {
  type InstanceKeys,
  type KeyRole,
  type KeySettings,
  keyFingerprint,
  keyRoles,
  openKeys,
  retirePreviousKey,
} from "@/lib/ledger/log/keys";
import { logVerifierKeys } from "@/lib/ledger/log/read";
import { rotateKey, settleKeys } from "@/lib/ledger/log/rotate-key";
import { runSequencer } from "@/lib/ledger/log/run-sequencer";
import { sequenceBatch } from "@/lib/ledger/log/sequence";
import { systemClock } from "@/lib/platform/clock";
import type { Database } from "@/lib/platform/database";
import { testDatabase } from "@/tests/support/database";
import { logPlace, onClient, recordCommit, requireSoundLog, sequence } from "@/tests/support/log-place";
import { runNode } from "@/tests/support/run-node";

const { db, url } = await testDatabase();
// One log for all tests of this file: what is in it stays.
const place = await logPlace(url);
const folder = join(place.folder, "keys");
const ctx = { db, clock: systemClock };

afterAll(() => place.remove());
beforeEach(async () => {
  reopen();
  await recordCommit(db);
  await sequence(place.options);
});
afterEach(async () => {
  reopen();
  await sequence(place.options);
  await requireSoundLog(place.options);
});

function reopen(settings: KeySettings = { folder }): InstanceKeys {
  const keys = openKeys(settings);
  Object.assign(place.options, { keys });
  return keys;
}

const pem = (key: KeyObject) => key.export({ format: "pem", type: "pkcs8" }).toString();
const newPem = () => pem(generateKeyPairSync("ed25519").privateKey);
const used = async (role: KeyRole) => {
  const row = await db.logKey.findFirstOrThrow({ where: { role }, orderBy: { id: "desc" } });
  return keyFingerprint(new Uint8Array(row.publicKey));
};
const inFolder = (role: KeyRole) => keyFingerprint(openKeys({ folder }).of(role).spki);
const checkpoint = async () => parseNote((await place.options.files.get("log/checkpoint")) ?? "");
const signers = async () =>
  (await checkpoint()).signatures.map(({ keyId }) => Buffer.from(keyId).toString("hex"));
/** Why the log stands still; null when it does not. */
const trouble = async () => {
  const row = await db.setting.findUnique({ where: { key: "log:condition" } });
  return row === null ? null : JSON.stringify(row.value);
};
const keyIds = async () => (await logVerifierKeys(db)).map((key) => key.split("+")[1]);
const rotations = async (role: KeyRole) =>
  (await db.logStatement.findMany({ orderBy: { index: "asc" } })).flatMap(({ statement }) => {
    const { predicate, predicateType } = JSON.parse(statement);
    return predicateType === "urn:slipmark:statement:rotate:v1" && predicate.role === role ? [predicate] : [];
  });

async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await is()) return;
    await sleep(20);
  }
  throw new Error(`waited in vain for: ${what}`);
}

describe("a key in the folder", () => {
  test.each(keyRoles)("of the role %s is replaced, recorded, and signs; no other changes", async (role) => {
    const before = Object.fromEntries(keyRoles.map((one) => [one, inFolder(one)]));
    const rotated = await rotateKey(ctx, { folder }, role);
    expect(rotated).toEqual({ previous: before[role], next: await used(role), given: false });
    for (const one of keyRoles) expect(inFolder(one)).toBe(one === role ? rotated.next : before[one]);
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      expect(name).not.toMatch(/\.next$/);
    }
    reopen();
    await recordCommit(db);
    await sequence(place.options);
    expect((await rotations(role)).at(-1)).toMatchObject({ previous: before[role], next: rotated.next });
    const last = await db.logStatement.findFirstOrThrow({ orderBy: { index: "desc" } });
    expect(keyFingerprint(new Uint8Array(last.publicKey))).toBe(await used("site"));
  });

  test("of the log signs beside the old one until that is retired; then alone", async () => {
    const [before] = await keyIds();
    await rotateKey(ctx, { folder }, "log");
    reopen();
    await recordCommit(db);
    await sequence(place.options);
    expect(await signers()).toEqual((await keyIds()).slice(0, 2));
    expect((await signers())[1]).toBe(before);
    expect(retirePreviousKey(folder)).toBe(true);
    expect(retirePreviousKey(folder)).toBe(false);
    reopen();
    await recordCommit(db);
    await sequence(place.options);
    expect(await signers()).toEqual((await keyIds()).slice(0, 1));
  });

  test("of the log rotated twice: every old private key is kept, the last one signs beside the new one", async () => {
    const files = async () => {
      const names = await readdir(folder);
      return new Set(await Promise.all(names.map((name) => readFile(join(folder, name), "utf8"))));
    };
    const before = await files();
    await rotateKey(ctx, { folder }, "log");
    await rotateKey(ctx, { folder }, "log");
    for (const one of before) expect(await files()).toContain(one);
    expect((await files()).size).toBe(before.size + 2);
    reopen();
    await recordCommit(db);
    await sequence(place.options);
    expect(await signers()).toEqual((await keyIds()).slice(0, 2));
    retirePreviousKey(folder);
  });
});

describe("a rotation that fails", () => {
  const everything = async () => {
    const names = (await readdir(folder)).sort();
    return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]));
  };

  test.each(keyRoles)("at the commit (%s) leaves folder, table and log as they were", async (role) => {
    const before = { files: await everything(), keys: await db.logKey.count() };
    await db.$executeRawUnsafe(
      `CREATE CONSTRAINT TRIGGER failing AFTER INSERT ON log_key DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
    );
    try {
      await expect(rotateKey(ctx, { folder }, role)).rejects.toThrow(/append-only/);
    } finally {
      await db.$executeRawUnsafe("DROP TRIGGER failing ON log_key");
    }
    expect({ files: await everything(), keys: await db.logKey.count() }).toEqual(before);
    expect(await db.logPending.count({ where: { kind: "rotate" } })).toBe(0);
    // And it works afterwards.
    await rotateKey(ctx, { folder }, role);
    expect(inFolder(role)).toBe(await used(role));
    if (role === "log") retirePreviousKey(folder);
  });

  test("after its commit, the answer lost on the way, has happened", async () => {
    let lost = false;
    const failing = new Proxy(db, {
      get(target, name) {
        if (name !== "$transaction" || lost) return Reflect.get(target, name, target);
        return async (...args: Parameters<Database["$transaction"]>) => {
          lost = true;
          await target.$transaction(...(args as unknown as Parameters<typeof target.$transaction>));
          throw new Error("connection lost");
        };
      },
    });
    const { next } = await rotateKey({ ...ctx, db: failing as Database }, { folder }, "site");
    expect([inFolder("site"), await used("site")]).toEqual([next, next]);
  });

  test("killed between commit and files is finished by the next that opens the keys", async () => {
    for (const role of ["log", "run"] as const) {
      const old = await readFile(join(folder, `${role}.key`), "utf8");
      const { next } = await rotateKey(ctx, { folder }, role);
      // As it lay at that moment.
      await rename(join(folder, `${role}.key`), join(folder, `${role}.key.next`));
      await writeFile(join(folder, `${role}.key`), old, { mode: 0o600 });
      if (role === "log") await rm(join(folder, "log.previous.key"));
      await settleKeys(db, folder);
      expect([inFolder(role), await used(role)]).toEqual([next, next]);
    }
    // Killed between its two steps in the folder: the link to the old key is there, the new one not in its place.
    const old = await readFile(join(folder, "log.key"), "utf8");
    const { next } = await rotateKey(ctx, { folder }, "log");
    await rename(join(folder, "log.key"), join(folder, "log.key.next"));
    await writeFile(join(folder, "log.key"), old, { mode: 0o600 });
    await settleKeys(db, folder);
    expect([inFolder("log"), await used("log")]).toEqual([next, next]);
    expect(await readFile(join(folder, "log.previous.key"), "utf8")).toBe(old);
    retirePreviousKey(folder);
  });

  test("killed before its commit leaves a file that nobody uses and the next rotation writes anew", async () => {
    await writeFile(join(folder, "site.key.next"), newPem(), { mode: 0o600 });
    const before = inFolder("site");
    await settleKeys(db, folder);
    expect(inFolder("site")).toBe(before);
    await rotateKey(ctx, { folder }, "site");
    expect(await readdir(folder)).not.toContain("site.key.next");
  });

  test("by a folder that does not hold the key in use", async () => {
    const other = join(place.folder, "other-keys");
    openKeys({ folder: other });
    await expect(rotateKey(ctx, { folder: other }, "log")).rejects.toThrow(
      "rotate it on the machine that has it",
    );
    expect((await readdir(other)).sort()).toEqual(["log.key", "moderator.key", "run.key", "site.key"]);
  });
});

test("an act recorded after a rotation is not signed by what was in use before it", async () => {
  const { id } = await db.logKey.findFirstOrThrow({ orderBy: { id: "desc" } });
  await rotateKey(ctx, { folder }, "site");
  const dedupKey = await recordCommit(db);
  // The round had opened its keys before.
  const batch = (newestKey: string) =>
    onClient(url, (client) => sequenceBatch(client, { ...place.options, limit: 10, newestKey }));
  expect(await batch(String(id))).toBe("rotated");
  expect(await db.logPending.count({ where: { dedupKey } })).toBe(1);
});

describe("a worker that runs", () => {
  function start(reopenKeys: () => Promise<InstanceKeys>) {
    const stopping = new AbortController();
    const wakes = new Set<() => void>();
    const done = runSequencer(
      {
        ...place.options,
        reopenKeys,
        onAct: (wake) => {
          wakes.add(wake);
          return () => wakes.delete(wake);
        },
      },
      stopping.signal,
    );
    return {
      wake: () => {
        for (const wake of wakes) wake();
      },
      stop: async () => {
        stopping.abort();
        await done;
      },
    };
  }

  test("takes over a new key without being started again", async () => {
    const worker = start(async () => {
      await settleKeys(db, folder);
      return openKeys({ folder });
    });
    try {
      for (const role of keyRoles) await rotateKey(ctx, { folder }, role);
      const dedupKey = await recordCommit(db);
      worker.wake();
      await until("two lines under a checkpoint that has the act", async () => {
        const entry = await db.logEntry.findUnique({ where: { dedupKey } });
        const size = Number((await checkpoint()).text.split("\n")[1]);
        return entry !== null && size > entry.index && (await signers()).length === 2;
      });
      expect(await signers()).toEqual((await keyIds()).slice(0, 2));
      const entry = await db.logEntry.findUniqueOrThrow({ where: { dedupKey } });
      const { publicKey } = await db.logStatement.findUniqueOrThrow({ where: { index: entry.index } });
      expect(keyFingerprint(new Uint8Array(publicKey))).toBe(await used("site"));
    } finally {
      await worker.stop();
    }
    retirePreviousKey(folder);
  }, 60_000);

  test("elsewhere, without the new key, signs nothing, says so, and goes on once it is brought", async () => {
    const stale = openKeys({ folder });
    const keys = { current: stale };
    const worker = start(async () => keys.current);
    try {
      const first = await recordCommit(db);
      worker.wake();
      await until(
        "it has begun",
        async () => (await db.logEntry.count({ where: { dedupKey: first } })) === 1,
      );
      await rotateKey(ctx, { folder }, "log");
      worker.wake();
      await until("it says why it stands still", async () =>
        ((await trouble()) ?? "").includes("was replaced by a newer one"),
      );
      // A round that had begun before the rotation may have ended with it; none begins any more.
      const dedupKey = await recordCommit(db);
      worker.wake();
      await sleep(500);
      expect(await db.logPending.count({ where: { dedupKey } })).toBe(1);
      keys.current = openKeys({ folder });
      await until("it goes on", async () => (await db.logPending.count()) === 0);
      await until("it is well", async () => (await trouble()) === null);
    } finally {
      await worker.stop();
    }
    retirePreviousKey(folder);
  }, 60_000);
});

describe("a key in the environment", () => {
  test("is followed by the one that the environment names instead; the log's with the old one beside it", async () => {
    const old = await readFile(join(folder, "log.key"), "utf8");
    const next = newPem();
    const given = { log: next, previousLog: old };
    await expect(rotateKey(ctx, { folder, given: { log: old } }, "log")).rejects.toThrow(
      "SLIPMARK_LOG_KEY holds the key in use. To rotate it, set SLIPMARK_LOG_KEY to a new key and SLIPMARK_LOG_KEY_PREVIOUS to the one in use",
    );
    await expect(rotateKey(ctx, { folder, given: { log: next } }, "log")).rejects.toThrow(
      "put it into SLIPMARK_LOG_KEY_PREVIOUS",
    );
    await expect(
      rotateKey(ctx, { folder, given: { log: next, previousLog: newPem() } }, "log"),
    ).rejects.toThrow("put it into SLIPMARK_LOG_KEY_PREVIOUS");
    // A worker that starts with it too early says what to do, and signs nothing.
    reopen({ folder, given });
    await expect(sequence(place.options)).rejects.toThrow("npm run keys -- rotate log");
    const rotated = await rotateKey(ctx, { folder, given }, "log");
    expect(rotated).toMatchObject({ given: true, next: await used("log") });
    await recordCommit(db);
    await sequence(place.options);
    expect(await signers()).toEqual((await keyIds()).slice(0, 2));
    // One that still has the old key is told so.
    reopen({ folder, given: { log: old } });
    await expect(sequence(place.options)).rejects.toThrow("was replaced by a newer one");
    // The end of the overlap is the end of the variable.
    reopen({ folder, given: { log: next } });
    await recordCommit(db);
    await sequence(place.options);
    expect(await signers()).toEqual((await keyIds()).slice(0, 1));
    await expect(rotateKey(ctx, { folder, given: { log: old, previousLog: next } }, "log")).rejects.toThrow(
      "a key that was used before",
    );
    // A stranger's key never stands under a checkpoint.
    reopen({ folder, given: { log: next, previousLog: newPem() } });
    await expect(sequence(place.options)).rejects.toThrow("never was a key of this log");
    await writeFile(join(folder, "log.key"), next, { mode: 0o600 });
  });

  test.each(["site", "run", "moderator"] as const)("of the role %s needs no old one", async (role) => {
    const next = newPem();
    const { given } = await rotateKey(ctx, { folder, given: { [role]: next } }, role);
    expect(given).toBe(true);
    await writeFile(join(folder, `${role}.key`), next, { mode: 0o600 });
    expect(inFolder(role)).toBe(await used(role));
  });
});

describe("npm run keys", () => {
  async function keysCommand(args: readonly string[], env: Record<string, string> = {}) {
    const run = runNode("bin/keys.ts", {
      args,
      env: {
        DATABASE_URL: url,
        SLIPMARK_DATA: place.folder,
        SLIPMARK_KEYS: folder,
        LOG_LEVEL: "silent",
        ...env,
      },
    });
    return { code: (await run.ended).code, output: run.output() };
  }

  test("lists, rotates, retires, and refuses what it does not know", async () => {
    const fingerprints = keyRoles.map((role) => `${role.padEnd(10)}${inFolder(role)}`);
    expect(await keysCommand([])).toEqual({ code: 0, output: `${fingerprints.join("\n")}\n` });
    const before = inFolder("log");
    const rotated = await keysCommand(["rotate", "log"]);
    expect(rotated.code).toBe(0);
    expect(rotated.output).toContain(`log key ${before}\n  is now ${await used("log")}\n`);
    expect(rotated.output).toContain("npm run keys -- retire log");
    expect((await keysCommand([])).output).toContain(`log (old) ${before}`);
    expect(await keysCommand(["retire", "log"])).toMatchObject({ code: 0 });
    expect(await keysCommand(["retire", "log"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("no old log key signs"),
    });
    for (const args of [
      ["rotate", "author"],
      ["retire", "site"],
    ])
      expect(await keysCommand(args)).toMatchObject({ code: 1, output: expect.stringContaining("usage:") });
  }, 300_000);

  test("rotates what the environment gives", async () => {
    const [old, next] = [await readFile(join(folder, "log.key"), "utf8"), newPem()];
    const env = { SLIPMARK_LOG_KEY: next, SLIPMARK_LOG_KEY_PREVIOUS: old };
    expect(await keysCommand(["rotate", "log"], { SLIPMARK_LOG_KEY: old })).toMatchObject({
      code: 1,
      output: expect.stringContaining("SLIPMARK_LOG_KEY_PREVIOUS to the one in use"),
    });
    expect(await keysCommand(["rotate", "log"], env)).toMatchObject({
      code: 0,
      output: expect.stringContaining("start every worker again with these settings"),
    });
    expect(await keysCommand(["retire", "log"], env)).toMatchObject({
      code: 1,
      output: expect.stringContaining("take SLIPMARK_LOG_KEY_PREVIOUS out of it"),
    });
    await writeFile(join(folder, "log.key"), next, { mode: 0o600 });
  }, 300_000);
});
