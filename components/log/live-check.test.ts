import { afterEach, expect, test, vi } from "vitest";
import { MemoryLog } from "@/tests/support/memory-log";
import { liveCheck } from "./live-check";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const most = 1 << 20;
const answer = (status: number, body: Uint8Array | null) =>
  new Response(status === 200 && body !== null ? new Uint8Array(body) : null, { status });

/** The log as the browser reaches it; `checkpoints` are served one after the other, the last one for good. */
async function check(log: MemoryLog, proof: Uint8Array, checkpoints: readonly Uint8Array[]) {
  const left = [...checkpoints];
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (path === "/log/checkpoint") return answer(200, (left.length > 1 ? left.shift() : left[0]) ?? null);
    const { status, body } = await log.fetch(path, most);
    return answer(status, body);
  });
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const step = liveCheck(proof, { older: log.vkeys(), newest: async () => log.vkeys() });
  const told = { done: false };
  void step.finally(() => {
    told.done = true;
  });
  while (!told.done) await vi.advanceTimersByTimeAsync(100);
  return { step: await step, looks: asked.filter((path) => path === "/log/checkpoint").length };
}

async function grown() {
  const log = new MemoryLog().grow(5).seal();
  const older = log.checkpoint;
  log.grow(4).seal();
  return {
    log,
    older,
    newer: log.checkpoint,
    proof: (await log.fetch("/log/entry/2.tlog-proof", most)).body,
  };
}

test("a checkpoint that a cache still holds is not a log that shrank", async () => {
  const { log, older, newer, proof } = await grown();
  const { step, looks } = await check(log, proof, [older, older, newer]);
  expect(step).toMatchObject({ id: "live", ok: true });
  expect(looks).toBe(3);
});

test("a log that stays shorter than the proof fails", async () => {
  const { log, older, proof } = await grown();
  const { step } = await check(log, proof, [older]);
  expect(step).toMatchObject({ id: "live", ok: false, code: "inconsistent" });
});
