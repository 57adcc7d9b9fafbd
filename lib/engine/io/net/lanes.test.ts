import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { codeOf } from "../../../../tests/support/far-side";
import { inLane, lanesPerHost } from "./lanes";

test("no more than the lanes of a host run at once, first come first served; hosts do not wait for each other", async () => {
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = (k: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    order.push(k);
    await delay(1);
    running -= 1;
    return k;
  };
  const all = Array.from({ length: 40 }, (_, k) => inLane("one.example", undefined, work(k)));
  let other = false;
  await inLane("two.example", undefined, async () => {
    other = true;
  });
  expect(other).toBe(true);
  expect(await Promise.all(all)).toEqual(Array.from({ length: 40 }, (_, k) => k));
  expect(most).toBe(lanesPerHost);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

test("a failure frees its lane; who waits can be called off", async () => {
  const failing = Array.from({ length: 3 * lanesPerHost }, () =>
    inLane("three.example", undefined, () => Promise.reject(new Error("no"))),
  );
  expect((await Promise.allSettled(failing)).every((one) => one.status === "rejected")).toBe(true);
  const stop = new AbortController();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holding = Array.from({ length: lanesPerHost }, () => inLane("three.example", undefined, () => held));
  const waiting = inLane("three.example", stop.signal, async () => {});
  stop.abort();
  expect(await codeOf(waiting)).toBe("cancelled");
  release();
  await Promise.all(holding);
  expect(await inLane("three.example", undefined, async () => "free")).toBe("free");
});
