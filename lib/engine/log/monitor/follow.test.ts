import { beforeEach, describe, expect, test } from "vitest";
import {
  encodeBundle,
  formatLeaf,
  hex,
  leafHash,
  parseLeaf,
  rootOfHashes,
  text,
  utf8,
} from "@/lib/engine/log";
import { FollowedLog, refused } from "@/tests/support/followed-log";
import { MemoryLog, memoryKey } from "@/tests/support/memory-log";
import type { FollowOptions } from "./follow";
import { parseMonitorState } from "./state";

let followed: FollowedLog;
let log: MemoryLog;

beforeEach(() => {
  followed = new FollowedLog();
  log = followed.log;
});

describe("an honest log", () => {
  test("is followed from nothing, over its growth, and when nothing happened", async () => {
    log.grow(3, "a").seal();
    expect(await followed.follow()).toMatchObject({ before: 0, size: 3, blobsTo: 3, sampled: 0 });
    for (const more of [1, 0, 252, 1, 300, 3000]) {
      const before = log.size;
      log.pad(more).seal();
      expect(await followed.follow({ blobs: "none" })).toMatchObject({ before, size: before + more });
    }
    expect(followed.state).toMatchObject({
      tree: { size: 3557 },
      leaves: { size: 3557 },
      blobs: { size: 3 },
    });
    expect(hex(rootOfHashes(log.entries.map(leafHash)))).toBe(
      Buffer.from(followed.state?.tree.root ?? "", "base64").toString("hex"),
    );
  }, 60_000);

  test("is read in full bundles, the last one apart, and each statement and payload once", async () => {
    log.grow(12, "x").seal();
    const { blobs } = await followed.follow();
    expect(blobs).toMatchObject({ statements: 12, payloads: 12, signatures: 12, redacted: 0 });
    log.pad(508).seal();
    await followed.follow({ blobs: "none" });
    const bundles = log.requests.filter((path) => path.includes("/tile/entries/"));
    expect(new Set(bundles)).toEqual(
      new Set(["000.p/12", "000", "001", "002.p/8"].map((name) => `/log/tile/entries/${name}`)),
    );
    const fetched = log.requests.filter((path) => path.includes("/blobs/"));
    expect(new Set(fetched).size).toBe(fetched.length);
  });

  test("of no entries is a log, and one without a checkpoint or key is none", async () => {
    log.seal();
    expect(await followed.follow()).toMatchObject({ size: 0 });
    log.grow(2).seal();
    expect(await followed.follow()).toMatchObject({ before: 0, size: 2 });
    followed.state = null;
    log.checkpoint = new Uint8Array(0);
    await expect(followed.follow()).rejects.toMatchObject({ name: "LogError" });
    log.instead.set("/log/vkey", { status: 404, body: new Uint8Array(0) });
    await expect(followed.follow()).rejects.toMatchObject({ name: "LogError", code: "unknown-key" });
  });

  test("earlier blobs get their turn: a sample goes round", async () => {
    log.grow(20).seal();
    await followed.follow();
    const seen = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      log.requests.length = 0;
      expect(await followed.follow({ sample: 7 })).toMatchObject({ sampled: 7 });
      for (const path of log.requests) if (path.includes("/blobs/")) seen.add(path);
    }
    expect(seen.size).toBe(20);
    expect(await followed.follow({ blobs: "all" })).toMatchObject({ sampled: 20 });
    log.requests.length = 0;
    log.grow(5).seal();
    expect(await followed.follow({ blobs: "none" })).toMatchObject({ size: 25, blobsTo: 20, sampled: 0 });
    expect(log.requests.some((path) => path.includes("/blobs/"))).toBe(false);
    expect(await followed.follow()).toMatchObject({ blobsTo: 25 });
  });

  test("a run that is cut off goes on where it was", async () => {
    log.grow(30).seal();
    let left = 30;
    const fetch: FollowOptions["fetch"] = async (path, most) => {
      left -= 1;
      if (left < 0) throw new Error("connection reset");
      return log.fetch(path, most);
    };
    await expect(followed.follow({ fetch })).rejects.toThrow("connection reset");
    expect(followed.state).toMatchObject({ tree: { size: 30 }, leaves: { size: 30 }, blobs: { size: 0 } });
    expect(await followed.follow()).toMatchObject({ before: 30, blobsTo: 30 });
    log.pad(18_000).seal();
    left = 141;
    await expect(followed.follow({ fetch, blobs: "none" })).rejects.toThrow("connection reset");
    expect(followed.state).toMatchObject({
      tree: { size: 18_030 },
      leaves: { size: 16_384 },
      blobs: { size: 30 },
    });
    log.requests.length = 0;
    await followed.follow({ blobs: "none" });
    expect(log.requests).toContain("/log/tile/entries/064");
    expect(log.requests).not.toContain("/log/tile/entries/000");
    expect(followed.state).toMatchObject({ leaves: { size: 18_030 } });
  }, 60_000);

  test("a stop is heeded", async () => {
    log.grow(3).seal();
    await expect(followed.follow({ signal: AbortSignal.abort() })).rejects.toThrow("abort");
    expect(followed.state).toBeNull();
  });
});

describe("keys", () => {
  test("are those given, for the first run", async () => {
    log.grow(2).seal();
    await expect(followed.follow({ vkeys: new MemoryLog().vkeys() })).rejects.toEqual(refused("key-changed"));
    expect(followed.state).toBeNull();
    expect(await followed.follow({ vkeys: log.vkeys() })).toMatchObject({ size: 2 });
  });

  test("a successor is taken when an entry names it, also once the old key is silent", async () => {
    log.grow(2).seal();
    await followed.follow();
    log.rotate();
    log.grow(1).seal();
    await followed.follow();
    expect(followed.state?.vkeys).toHaveLength(2);
    // Two rotations between two runs, and only the last key signs.
    log.rotate();
    log.rotate();
    log.signing = [log.keys.log];
    log.grow(3).seal();
    expect(await followed.follow()).toMatchObject({ size: 9 });
    expect(followed.state?.vkeys).toHaveLength(4);
  });

  test("a new one without such an entry is refused", async () => {
    log.grow(2).seal();
    await followed.follow();
    const other = memoryKey();
    log.named = [other, ...log.named];
    log.signing = [other];
    log.grow(1).seal();
    await followed.refuse("key-changed", /no entry of it names the new one/);
    log.named = [log.keys.log];
    await followed.refuse("key-changed");
  });

  test("a rotation from a key that never was is refused", async () => {
    log.grow(2).seal();
    await followed.follow();
    const next = memoryKey();
    log.add({ kind: "rotate", predicate: { role: "log", previous: "ab".repeat(32), next: "cd".repeat(32) } });
    log.named = [next, ...log.named];
    log.signing = [next];
    log.seal();
    await followed.refuse("bad-rotation");
  });
});

describe("refused, with what was remembered untouched:", () => {
  beforeEach(async () => {
    log.pad(300).seal();
    await followed.follow({ blobs: "none" });
  });

  test("another origin", async () => {
    log.origin = "other.example/log";
    log.grow(1).seal();
    await followed.refuse("origin-changed", /other\.example/);
  });

  test("a log that shrinks, or is gone", async () => {
    log.seal(299);
    await followed.refuse("shrank", /from 300 to 299/);
    log.checkpoint = new Uint8Array(0);
    await followed.refuse("shrank");
  });

  test("a fork: another tree of the same size, and a larger one with another past", async () => {
    const entries = [...log.entries];
    log.entries[7] = entries[8] as Uint8Array;
    log.seal();
    await followed.refuse("forked", /two different trees/);
    log.pad(10).seal();
    await followed.refuse("forked", /does not begin with/);
  });

  test("a fork whose tiles pretend to be the old ones", async () => {
    const honest = new MemoryLog();
    Object.assign(honest, {
      keys: log.keys,
      named: log.named,
      signing: log.signing,
      entries: [...log.entries],
    });
    honest.seal();
    log.entries[299] = log.entries[0] as Uint8Array;
    log.pad(400).seal();
    const old = await honest.fetch("/log/tile/0/000", 8192);
    log.instead.set("/log/tile/0/000", old);
    log.instead.set("/log/tile/0/001", { status: 200, body: new Uint8Array(8192) });
    await followed.refuse("forked");
  });

  test("a signature that does not verify", async () => {
    log.grow(1).seal();
    const note = text(log.checkpoint);
    log.checkpoint = new Uint8Array(utf8(note.replace(/\n301\n/, "\n302\n")));
    await followed.refuse("bad-checkpoint", /does not verify/);
  });

  test.each([
    ["CRLF", (note: string) => note.replaceAll("\n", "\r\n")],
    ["a size of 2^53", (note: string) => note.replace(/\n301\n/, "\n9007199254740992\n")],
    ["a size with a leading zero", (note: string) => note.replace(/\n301\n/, "\n0301\n")],
    ["a negative size", (note: string) => note.replace(/\n301\n/, "\n-1\n")],
    ["no signature", (note: string) => note.slice(0, note.lastIndexOf("\n\n") + 2)],
    ["an empty file", () => ""],
    ["a byte that is no UTF-8", (note: string) => `\uD800${note}`],
  ])("a checkpoint with %s", async (_what, change) => {
    log.grow(1).seal();
    log.instead.set("/log/checkpoint", { status: 200, body: utf8(change(text(log.checkpoint))) });
    await expect(followed.follow()).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad-checkpoint|origin-changed)$/),
    });
  });

  test("a signed size of 2^53 and more", async () => {
    log.sign("9007199254740993", new Uint8Array(32));
    await followed.refuse("bad-checkpoint", /2\^53/);
  });
});

describe("refused among new entries:", () => {
  beforeEach(async () => {
    log.pad(250).seal();
    await followed.follow({ blobs: "none" });
    log.pad(20).seal();
  });

  const bundle = (entries: readonly Uint8Array[]) => ({ status: 200, body: encodeBundle(entries) });

  test("an entry that is not the one in the tree, new or old", async () => {
    for (const index of [255, 3]) {
      const entries = log.entries.slice(0, 256);
      const leaf = parseLeaf(entries[index] as Uint8Array);
      entries[index] = formatLeaf({ ...leaf, t: "2020-01-01T00:00:00.000Z" });
      log.instead.set("/log/tile/entries/000", bundle(entries));
      await expect(followed.follow()).rejects.toEqual(refused("rewritten", new RegExp(`entry ${index} `)));
    }
    expect(followed.state).toMatchObject({ leaves: { size: 250 } });
  });

  test("entries that are left out", async () => {
    log.instead.set("/log/tile/entries/000", bundle(log.entries.slice(0, 255)));
    await expect(followed.follow()).rejects.toEqual(refused("skipped", /255 entries of 256/));
    log.instead.set("/log/tile/entries/000", { status: 404, body: new Uint8Array(0) });
    await expect(followed.follow()).rejects.toEqual(refused("skipped"));
  });

  test("a tile that is cut off, damaged, or does not follow from those under it", async () => {
    const tile = await log.fetch("/log/tile/0/001.p/14", 8192);
    log.instead.set("/log/tile/0/001.p/14", { status: 200, body: tile.body.subarray(0, 400) });
    await expect(followed.follow()).rejects.toEqual(refused("bad-tile", /400 bytes/));
    log.instead.delete("/log/tile/0/001.p/14");
    log.instead.set("/log/tile/1/000.p/1", { status: 200, body: new Uint8Array(32) });
    await expect(followed.follow()).rejects.toMatchObject({ name: "MonitorProblem" });
  });

  test("leaves that are none, though they are in the signed tree", async () => {
    const good = text(log.entries[0] as Uint8Array);
    const bad = [
      good.replace(',"v":1}', ',"v":1,"v":1}'),
      good.replace('{"key"', '{"kind":"commit","key"'),
      good.replace('"commit"', '"gossip"'),
      `${good}\r\n`,
      good.replaceAll(",", ", "),
      good.replace(".000Z", "Z"),
      "",
    ];
    for (const leaf of bad) {
      log.entries = [...log.entries.slice(0, 269), utf8(leaf)];
      log.seal();
      followed.state = null;
      await expect(followed.follow(), leaf).rejects.toEqual(refused("bad-entry", /entry 269/));
    }
  });
});

describe("a remembered state", () => {
  test("that was damaged is refused", async () => {
    log.grow(3).seal();
    await followed.follow();
    const good = JSON.stringify(followed.state);
    expect(parseMonitorState(good)).toEqual(followed.state);
    const bad = [
      "",
      "[]",
      good.slice(0, -1),
      good.replace("ledger.example", "other.example"),
      good.replace('"tree":{"size":3', '"tree":{"size":2'),
      good.replace('"leaves":{"size":3', '"leaves":{"size":9'),
      good.replace('"next":0', '"next":0,"more":1'),
    ];
    for (const source of bad)
      expect(() => parseMonitorState(source), source).toThrow(expect.objectContaining({ name: "LogError" }));
    expect(followed.saves).toBeGreaterThan(0);
  });
});
