import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CacheKey, RangeCache } from "./range-cache";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-cache-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const key = (name: string, length: number, origin: string | null = null): CacheKey => ({
  content: `sha256:${name}`,
  origin,
  start: 0,
  end: length,
});

async function entries(): Promise<string[]> {
  const names = await readdir(join(folder, "ranges"), { recursive: true });
  return names.filter((name) => name.includes("/")).map((name) => join(folder, "ranges", name));
}

test("gives back what was put, by content, range and origin", async () => {
  const cache = new RangeCache(folder, 1 << 20);
  await cache.put(key("a", 3), Buffer.from("one"));
  await cache.put(key("a", 3, "https://x"), Buffer.from("two"));
  expect(Buffer.from((await cache.get(key("a", 3))) ?? []).toString()).toBe("one");
  expect(Buffer.from((await new RangeCache(folder, 99).get(key("a", 3, "https://x"))) ?? []).toString()).toBe(
    "two",
  );
  expect(await cache.get(key("b", 3))).toBeNull();
  expect(await cache.get({ ...key("a", 3), start: 1 })).toBeNull();
});

test("an entry that was altered, cut or emptied is a miss and is removed", async () => {
  const cache = new RangeCache(folder, 1 << 20);
  for (const harm of [
    (bytes: Buffer) => bytes.fill(1, 33, 34),
    (b: Buffer) => b.subarray(0, -1),
    () => Buffer.alloc(0),
  ]) {
    await cache.put(key("a", 5), Buffer.from("whole"));
    const [path = ""] = await entries();
    await writeFile(path, harm(await readFile(path)));
    expect(await cache.get(key("a", 5))).toBeNull();
    expect(await entries()).toEqual([]);
  }
});

test("stays below its bound and lets the longest unused go first", async () => {
  const cache = new RangeCache(folder, 10_000);
  await cache.put(key("kept", 1000), Buffer.alloc(1000));
  for (let index = 0; index < 30; index += 1) {
    await cache.put(key(`n${index}`, 1000), Buffer.alloc(1000, index));
    // Written long ago, but read now: reading is what counts.
    for (const path of await entries()) await utimes(path, 1, 1);
    expect(await cache.get(key("kept", 1000))).not.toBeNull();
  }
  const sizes = await Promise.all((await entries()).map(async (path) => (await stat(path)).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(10_000);
  expect(await cache.get(key("n0", 1000))).toBeNull();
});

test("many writers at once leave whole entries and no temporary files", async () => {
  const caches = [1, 2, 3].map(() => new RangeCache(folder, 1 << 20));
  const bytes = Buffer.alloc(20_000, 7);
  await Promise.all(caches.flatMap((cache) => [1, 2, 3].map(() => cache.put(key("a", 20_000), bytes))));
  expect(await caches[0]?.get(key("a", 20_000))).toEqual(bytes);
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
});

test("a cache that cannot be written is a cache that misses", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  const cache = new RangeCache(join(file, "below"), 1000);
  await cache.put(key("a", 1), Buffer.from("x"));
  expect(await cache.get(key("a", 1))).toBeNull();
});
