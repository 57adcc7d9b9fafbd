import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineError } from "@/lib/engine/errors";
import {
  type FetchPublic,
  followLog,
  formatMonitorState,
  type MonitorState,
  parseMonitorState,
  verifyLog,
} from "@/lib/engine/log/monitor";
import { openKeys } from "@/lib/ledger/log/keys";
import { ownMonitor, readMonitorRow } from "@/lib/ledger/monitor/state";
import { type WatchOptions, watchOwnLog } from "@/lib/ledger/monitor/watch-own-log";
import { logHealth, rotateKey } from "@/lib/ledger/server";
import type { Viewer } from "@/lib/platform/context";
import { deliver, type Mail } from "@/lib/platform/mail";
import { metricsText } from "@/lib/platform/telemetry/metrics";
import { redactEntry } from "@/lib/redaction/server";
import { testDatabase } from "@/tests/support/database";
import { type LogPlace, logPlace, recordCommit, sequence } from "@/tests/support/log-place";
import { servedLog } from "@/tests/support/served-log";
import { startSmtp } from "@/tests/support/smtp";
import { startWitness } from "@/tests/support/witness";
import { type CaseWorld, caseWorld } from "../cases/support";

const { db, url } = await testDatabase();
let place: LogPlace;
let fetch: FetchPublic;
let world: CaseWorld;
let moderator: Viewer & { readonly userId: string };
let state: MonitorState | null = null;

beforeAll(async () => {
  place = await logPlace(url);
  fetch = servedLog(db, place.options.files);
  world = await caseWorld(db);
  moderator = await world.user("Moderator Mika", "moderator");
});
afterAll(() => place.remove());

const follow = () =>
  followLog({
    fetch,
    state,
    save: async (next) => {
      state = parseMonitorState(formatMonitorState(next));
    },
    blobs: "all",
    pause: () => sequence(place.options),
  });

describe("the monitor on what the sequencer wrote", () => {
  test("follows it, with every statement, signature and payload", async () => {
    for (let at = 0; at < 40; at += 1) await recordCommit(db);
    await sequence(place.options);
    expect(await follow()).toMatchObject({
      size: 40,
      blobsTo: 40,
      blobs: { statements: 40, signatures: 40, payloads: 40, unknownSigners: 0 },
    });
    for (let at = 0; at < 3; at += 1) await recordCommit(db);
    await sequence(place.options);
    expect(await follow()).toMatchObject({ before: 40, size: 43, sampled: 40 });
    const steps = await verifyLog({ fetch });
    expect(steps.map(({ id, ok }) => [id, ok])).toEqual([
      ["checkpoint", true],
      ["inclusion", true],
      ["consistency", true],
      ["proof", true],
    ]);
  });

  test("accepts a redaction once its tombstone is in the log, and waits for that", async () => {
    const asked = {
      index: 7,
      reasonCode: "secret-exposed",
      authorityReference: "Report 9",
      confirm: "7",
    } as const;
    expect(await redactEntry(world.as(moderator), asked)).toMatchObject({ outcome: "erased" });
    expect(await follow()).toMatchObject({ size: 44, tombstones: 1, blobs: { redacted: 1 } });
    expect(state?.tombstones).toMatchObject([{ at: 43, entry: 7, scope: "entry" }]);
  });

  test("learns a rotated key of the log from the entry that names it", async () => {
    await rotateKey({ db, clock: { now: () => new Date() } }, { folder: `${place.folder}/keys` }, "log");
    Object.assign(place.options, { keys: openKeys({ folder: `${place.folder}/keys` }) });
    await sequence(place.options);
    expect(await follow()).toMatchObject({ size: 45 });
    expect(state?.vkeys).toHaveLength(2);
  });
});

describe("our own, as a job", () => {
  const mails: Mail[] = [];
  let now = Date.parse("2026-03-02T00:00:00.000Z");
  const clock = { now: () => new Date(now) };
  const watch = (changes: Partial<WatchOptions> = {}) => {
    now += 600_000;
    return watchOwnLog(
      { db, clock },
      {
        site: "http://site.example",
        io: null as never,
        contact: "moderators@site.example",
        send: async (mail) => void mails.push(mail),
        witnesses: [],
        signal: AbortSignal.timeout(60_000),
        fetch,
        pauseMs: 1,
        ...changes,
      },
    );
  };

  test("keeps what it remembers in the database and says how it went", async () => {
    expect(await ownMonitor(db)).toBeNull();
    expect((await metricsText(db)).text).not.toContain("slipmark_log_monitor_ok{");
    expect(await watch()).toBe("done");
    expect(await watch()).toBe("done");
    expect(await ownMonitor(db)).toEqual({ at: clock.now().toISOString(), size: 45, trouble: null });
    expect((await logHealth({ db, clock })).monitor).toMatchObject({ size: 45, trouble: null });
    const { text } = await metricsText(db);
    expect(text).toContain('slipmark_log_monitor_ok{trouble="none"} 1');
    expect(text).toContain("slipmark_log_monitor_entries 45");
    expect(mails).toEqual([]);
  });

  test("holds the lines of the configured witnesses, and tells of one that does not verify", async () => {
    const witness = await startWitness("witness.example/w1");
    const note = Buffer.from((await fetch("/log/checkpoint", 0)).body).toString();
    const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
    const cosigned =
      (over: string): FetchPublic =>
      async (path, most) =>
        path === "/log/checkpoint"
          ? { status: 200, body: Buffer.from(`${note}${witness.cosign(over, now / 1000)}\n`) }
          : fetch(path, most);
    const witnesses = [witness.vkey];
    expect(await watch({ witnesses, fetch: cosigned(text) })).toBe("done");
    expect(await watch({ witnesses, fetch: cosigned("another\n") })).toBe("trouble");
    expect((await ownMonitor(db))?.trouble).toMatchObject({ code: "bad-cosignature" });
    expect(await watch({ fetch: cosigned("another\n") })).toBe("done");
    await witness.close();
    mails.length = 0;
  });

  test("tells about a missing blob once, keeps telling the page, and is content when it is back", async () => {
    const row = await db.logStatement.findUniqueOrThrow({ where: { index: 3 } });
    const gone: FetchPublic = async (path, most) => {
      const entry = await db.logEntry.findUniqueOrThrow({ where: { index: 3 } });
      return path.endsWith(entry.pae) ? { status: 404, body: new Uint8Array(0) } : fetch(path, most);
    };
    expect(row.statement).toContain("urn:slipmark:statement:commit:v1");
    expect(await watch({ fetch: gone })).toBe("trouble");
    expect(await watch({ fetch: gone })).toBe("trouble");
    const since = new Date(now - 600_000).toISOString();
    expect(await ownMonitor(db)).toEqual({
      at: clock.now().toISOString(),
      size: 45,
      trouble: { code: "blob-missing", since },
    });
    expect((await metricsText(db)).text).toContain('slipmark_log_monitor_ok{trouble="blob-missing"} 0');
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to: "moderators@site.example" });
    expect(mails[0]?.subject).toContain("blob-missing");
    expect(await watch()).toBe("done");
    expect((await ownMonitor(db))?.trouble).toBeNull();
    expect(await watch({ fetch: gone })).toBe("trouble");
    expect(mails).toHaveLength(2);
    expect(await watch()).toBe("done");
  });

  test("an unanswered request is told the second time; a mail server that is away is tried again", async () => {
    mails.length = 0;
    const silent: FetchPublic = async () => {
      throw new EngineError("source-unreachable", "site.example: connection refused");
    };
    await watch({ fetch: silent });
    expect(mails).toEqual([]);
    const broken = async () => {
      throw new Error("no mail server");
    };
    await watch({ fetch: silent, send: broken });
    expect((await readMonitorRow(db)).trouble).toMatchObject({ code: "unreachable", runs: 2, told: false });
    await watch({ fetch: silent });
    await watch({ fetch: silent });
    expect(mails).toHaveLength(1);
    await watch({ contact: null });
    expect((await ownMonitor(db))?.trouble).toBeNull();
  });

  test("without a contact it reaches the moderators whose address is proved, by SMTP", async () => {
    const smtp = await startSmtp();
    const settings = { smtpUrl: smtp.url, from: "Slipmark <no-reply@site.example>", folder: place.folder };
    const proved = { emailVerified: clock.now() };
    const give = (viewer: { readonly userId: string }, data: object) =>
      db.user.update({ where: { id: viewer.userId }, data });
    await give(moderator, { ...proved, email: "mika@site.example" });
    // Proved by the identity that it was taken from.
    const admin = await world.user("Admin Ada", "admin");
    await give(admin, { email: "ada@site.example" });
    const identity = { type: "oauth", provider: "github", providerAccountId: "7" };
    await db.account.create({ data: { id: "acc_monitor", userId: admin.userId, ...identity } });
    await give(await world.user("Moderator Typo", "moderator"), { email: "typo@site.example" });
    await give(await world.user("Moderator Gone", "moderator"), {
      ...proved,
      email: "gone@site.example",
      deletedAt: clock.now(),
    });
    await give(await world.user("Member Mo"), { ...proved, email: "member@site.example" });
    const silent: FetchPublic = async () => {
      throw new EngineError("source-unreachable", "site.example: connection refused");
    };
    const sentTo: string[] = [];
    const send = async (mail: Mail) => {
      sentTo.push(mail.to);
      await deliver(settings, mail);
    };
    await watch({ fetch: silent, contact: null, send });
    await watch({ fetch: silent, contact: null, send });
    expect(sentTo).toEqual(["ada@site.example", "mika@site.example"]);
    for (const address of ["mika@site.example", "ada@site.example"])
      expect((await smtp.newest(address)).subject).toContain("unreachable");
    expect((await readMonitorRow(db)).trouble).toMatchObject({ told: true });
    // With a contact both are told, nobody twice, and one bad address keeps nothing from the others.
    await watch();
    mails.length = 0;
    sentTo.length = 0;
    const picky = async (mail: Mail) => {
      if (mail.to.startsWith("ada")) throw new Error("mailbox unavailable");
      await send(mail);
    };
    await watch({ fetch: silent, contact: "Mika@site.example", send: picky });
    await watch({ fetch: silent, contact: "Mika@site.example", send: picky });
    expect(sentTo).toEqual(["Mika@site.example"]);
    await watch();
    await smtp.close();
  });

  test("a log without entries is nothing to tell about", async () => {
    await db.setting.deleteMany({ where: { key: "log:monitor" } });
    const nothing: FetchPublic = async () => ({ status: 404, body: new Uint8Array(0) });
    expect(await watch({ fetch: nothing })).toBe("nothing");
    expect(await ownMonitor(db)).toBeNull();
  });
});
