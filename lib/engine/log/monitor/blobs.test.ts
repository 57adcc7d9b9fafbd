import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { formatLeaf, hex, parseLeaf, utf8 } from "@/lib/engine/log";
import { FollowedLog, refused } from "@/tests/support/followed-log";
import { type MemoryLog, memoryKey } from "@/tests/support/memory-log";

let followed: FollowedLog;
let log: MemoryLog;

beforeEach(() => {
  followed = new FollowedLog();
  log = followed.log;
});

describe("statements and payloads", () => {
  test("silently gone, new or old: refused, and again the next time", async () => {
    log.grow(10, "x").seal();
    const [pae = ""] = log.paes;
    const statement = log.blobs.get(pae) as Uint8Array;
    log.blobs.delete(pae);
    await expect(followed.follow()).rejects.toEqual(refused("blob-missing", /entry 0,/));
    await expect(followed.follow()).rejects.toEqual(refused("blob-missing", /entry 0,/));
    expect(followed.state).toMatchObject({ tree: { size: 10 }, blobs: { size: 0 } });
    log.blobs.set(pae, statement);
    await followed.follow();
    log.blobs.delete(log.names[4] ?? "");
    await followed.refuse("blob-missing", /entry 4,/);
    await followed.refuse("blob-missing", /entry 4,/);
  });

  test("said to be redacted without a tombstone: refused; with one that comes a moment later: accepted", async () => {
    log.grow(5, "x").seal();
    await followed.follow();
    log.erase(2);
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    await expect(followed.follow({ pause })).rejects.toEqual(refused("no-tombstone"));
    expect(pauses).toBe(3);
    const late = async () => {
      log.bury(2);
      log.seal();
    };
    expect(await followed.follow({ pause: late })).toMatchObject({ size: 6, tombstones: 1 });
    log.grow(6).seal();
    expect(await followed.follow()).toMatchObject({ tombstones: 1 });
    expect(followed.state?.tombstones).toMatchObject([{ at: 5, entry: 2, scope: "entry" }]);
    expect((await followed.follow({ blobs: "all" })).blobs).toMatchObject({ redacted: 1, statements: 11 });
    // The first run of somebody who comes later.
    followed.state = null;
    expect((await followed.follow()).blobs).toMatchObject({ redacted: 1 });
  });

  test("only the actor's name is gone", async () => {
    log.grow(3, "Bamboo").seal();
    const name = log.names[1] ?? "";
    log.blobs.delete(name);
    log.redacted.add(name);
    log.bury(1, {
      text: null,
      predicate: { index: 1, scope: "name", reason: "privacy", authority: "ab".repeat(32) },
    });
    log.seal();
    expect((await followed.follow()).blobs).toMatchObject({ redacted: 1, statements: 4, payloads: 2 });
    // It does not cover the statement.
    log.erase(1);
    await followed.refuse("no-tombstone", /entry 1,/);
  });

  test.each<[string, (log: MemoryLog) => void, string]>([
    ["of another entry", (log) => void log.bury(3), "no-tombstone"],
    [
      "that names another statement",
      (log) => void log.bury(2, { subject: "ab".repeat(32) }),
      "bad-tombstone",
    ],
    [
      "of an entry still to come",
      (log) => void log.bury(2, { predicate: { index: 99, scope: "entry" } }),
      "bad-tombstone",
    ],
    ["that says nothing", (log) => void log.bury(2, { predicate: {} }), "bad-tombstone"],
    ["by nobody's key", (log) => void log.signers.fill(null, log.bury(2)), "bad-tombstone"],
    [
      "whose own statement is gone",
      (log) => void log.blobs.delete(log.paes[log.bury(2)] ?? ""),
      "bad-tombstone",
    ],
  ])("a tombstone %s excuses nothing", async (_what, bury, code) => {
    log.grow(5, "x").seal();
    await followed.follow();
    log.erase(2);
    bury(log);
    log.seal();
    await expect(followed.follow()).rejects.toEqual(refused(code));
    expect(followed.state?.tombstones.some(({ entry }) => entry === 2)).toBe(false);
  });

  test("a tombstone by another key than the moderators' is refused, until a rotation names it", async () => {
    log.grow(5, "x");
    log.erase(2);
    log.bury(2);
    log.seal();
    await followed.follow();
    const next = memoryKey();
    log.erase(3);
    log.bury(3, { key: next });
    log.seal();
    await expect(followed.follow()).rejects.toEqual(refused("bad-tombstone", /moderators'/));
    const print = async (spki: Uint8Array) =>
      hex(new Uint8Array(await crypto.subtle.digest("SHA-256", spki.slice())));
    log.add({
      kind: "rotate",
      predicate: {
        role: "moderator",
        previous: await print(log.keys.moderator.spki),
        next: await print(next.spki),
      },
    });
    log.seal();
    expect(await followed.follow()).toMatchObject({ tombstones: 2 });
  });

  test("with other bytes, another kind, a foreign key, a broken signature: refused", async () => {
    log.grow(3, "x").seal();
    const [pae = "", second = ""] = log.paes;
    log.instead.set(`/api/v1/blobs/sha256/${pae}`, {
      status: 200,
      body: log.blobs.get(second) as Uint8Array,
    });
    await expect(followed.follow()).rejects.toEqual(refused("blob-changed"));
    log.instead.clear();
    log.instead.set(`/api/v1/blobs/sha256/${log.names[1]}`, { status: 200, body: utf8("other words") });
    await expect(followed.follow()).rejects.toEqual(refused("blob-changed", /payload/));
    log.instead.clear();
    log.signers[0] = memoryKey().spki;
    await expect(followed.follow()).rejects.toEqual(refused("bad-signature", /key/));
    log.signers[0] = log.keys.site.spki;
    const leaf = parseLeaf(log.entries[1] as Uint8Array);
    log.entries[1] = formatLeaf({ ...leaf, sig: new Uint8Array(randomBytes(64)) });
    log.seal();
    followed.state = null;
    await expect(followed.follow()).rejects.toEqual(refused("bad-signature"));
    log.entries[1] = formatLeaf({ ...leaf, kind: "withdraw" });
    log.seal();
    followed.state = null;
    await expect(followed.follow()).rejects.toEqual(refused("bad-statement", /another kind/));
  });

  test("a key that is not public is counted, not refused", async () => {
    log.grow(4).seal();
    log.signers.fill(null);
    expect((await followed.follow()).blobs).toMatchObject({ unknownSigners: 4, signatures: 0 });
  });
});
