import { expect, test } from "vitest";
import { TurnedCache } from "./tensor-view";

const values = (size: number) => new Float32Array(size);

test("matrices are loaded one after another and once, however many are asked for", async () => {
  const cache = new TurnedCache(100);
  let [running, most, loads] = [0, 0, 0];
  const load = async () => {
    loads += 1;
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return values(10);
  };
  const keys = ["a", "b", "c", "a", "b"];
  expect(await Promise.all(keys.map((key) => cache.get(key, 10, load)))).toHaveLength(5);
  expect([most, loads]).toEqual([1, 3]);
});

test("what was asked for longest ago is let go first, and never more is held than the limit", async () => {
  const cache = new TurnedCache(30);
  const loaded: string[] = [];
  const get = (key: string) =>
    cache.get(key, 10, async () => {
      loaded.push(key);
      return values(10);
    });
  for (const key of ["a", "b", "c", "a", "d", "a", "c", "b"]) await get(key);
  expect(loaded).toEqual(["a", "b", "c", "d", "b"]);
});

test("a load that failed or found nothing is tried anew, and does not hold up the next", async () => {
  const cache = new TurnedCache(30);
  await expect(cache.get("a", 10, () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
  expect(await cache.get("a", 10, async () => null)).toBeNull();
  expect(await cache.get("a", 10, async () => values(10))).toHaveLength(10);
});
