import { beforeEach, expect, test } from "vitest";
import { MemoryLog, memoryKey } from "@/tests/support/memory-log";
import { verifyStillHolds } from "./still-holds";

let log: MemoryLog;
let older: Uint8Array;
let keys: { older: readonly string[]; trusted: readonly string[] };

beforeEach(() => {
  log = new MemoryLog().grow(3).seal();
  older = log.checkpoint;
  keys = { older: log.vkeys(), trusted: log.vkeys() };
});

const hold = (trusted = keys.trusted) => verifyStillHolds(log.fetch, older, { ...keys, trusted });

/** An overlap of one checkpoint, then the new key alone. */
function rotate(): void {
  log.rotate();
  log.grow(1).seal();
  log.signing = [log.keys.log];
  log.grow(2).seal();
}

test("a log that grew begins with it, under its only key, in an overlap and under the new key that is given", async () => {
  expect(await hold()).toBe("3 → 3");
  log.grow(2).seal();
  expect(await hold()).toBe("3 → 5");
  log.rotate();
  log.grow(1).seal();
  expect(await hold()).toBe("3 → 7");
  log.signing = [log.keys.log];
  log.grow(1).seal();
  expect(await hold(log.vkeys().slice(0, 1))).toBe("3 → 8");
});

test("the old key's word on its successor carries over, also from one to the next", async () => {
  rotate();
  expect(await hold()).toBe("3 → 7; entry 3 names the key of today");
  rotate();
  expect(await hold()).toBe("3 → 11; entry 7 names the key of today");
});

test("without that word nothing is taken for proved, and the key to pass is named", async () => {
  log.rotate();
  // The old key never signed a tree with the entry that names the new one.
  log.signing = [log.keys.log];
  log.grow(1).seal();
  await expect(hold()).rejects.toMatchObject({
    code: "unknown-key",
    message: expect.stringContaining(log.vkeys()[0] ?? ""),
  });
});

test("nor when nobody names the new key, its statement is gone, or the proof is of another entry", async () => {
  const stranger = memoryKey();
  const named = log.named;
  log.named = [stranger, ...named];
  log.signing = [stranger];
  log.grow(1).seal();
  await expect(hold()).rejects.toMatchObject({ code: "unknown-key" });
  log.named = named;
  log.signing = [log.keys.log];
  rotate();
  const [{ entry = -1 } = {}] = log.rotations;
  const statement = log.blobs.get(log.paes[entry] ?? "") as Uint8Array;
  log.erase(entry);
  await expect(hold()).rejects.toMatchObject({ code: "unknown-key" });
  log.blobs.set(log.paes[entry] ?? "", statement);
  log.redacted.clear();
  const other = await log.fetch("/log/entry/0.tlog-proof", 0);
  log.instead.set(`/log/entry/${entry}.tlog-proof`, { status: 200, body: other.body });
  await expect(hold()).rejects.toMatchObject({ code: "unknown-key" });
});

test("a fork does not hold under any key", async () => {
  rotate();
  log.entries[1] = log.entries[0] as Uint8Array;
  log.seal();
  for (const trusted of [keys.trusted, log.vkeys(), log.vkeys().slice(0, 1)])
    await expect(hold(trusted)).rejects.toMatchObject({
      code: expect.stringMatching(/inconsistent|bad-proof/),
    });
});
