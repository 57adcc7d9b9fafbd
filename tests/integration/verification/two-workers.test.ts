import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { queueRun } from "@/lib/verification/server";
import { recordedActs } from "@/tests/support/recorded-acts";
import { testInstance } from "./support";
import { startWorkerProcess, stopped } from "./worker-process";

/** Two worker processes on one database, each with a data folder of its own as on a machine of its own. */
const site = await testInstance({
  handle: async () => {
    await sleep(50);
    return false;
  },
});
const { db } = site.ctx;
const reporter = await site.user("reporter");

const startTwo = (env: Readonly<Record<string, string>> = {}) =>
  Promise.all(["one", "two"].map((data) => startWorkerProcess(site, { data, env })));

const queue = async (count: number) => {
  const { publicId } = await site.openCase(reporter);
  const runs: string[] = [];
  for (let index = 0; index < count; index += 1)
    runs.push((await queueRun(site.as(reporter), { caseId: publicId })).runId);
  return runs;
};

const filesOf = (data: string) =>
  readdir(join(site.folder, data, "cache"), { recursive: true }).catch(() => []);

test("each of many runs is executed once, with one result, one event and one outbox row", async () => {
  const workers = await startTwo();
  const runs = await queue(4);
  await vi.waitFor(
    async () => {
      const finished = await db.run.count({ where: { id: { in: runs }, state: "finished", attempt: 1 } });
      expect(finished).toBe(runs.length);
    },
    { timeout: 40_000, interval: 100 },
  );
  const events = await db.caseEvent.findMany({ where: { type: "run-finished" } });
  const rows = await recordedActs(db, "verify");
  for (const runId of runs) {
    expect(await db.runResult.count({ where: { runId } })).toBe(1);
    expect(events.filter(({ data }) => (data as { runId?: string }).runId === runId)).toHaveLength(1);
    expect(rows.filter((statement) => statement.includes(runId))).toHaveLength(1);
  }
  expect(events).toHaveLength(runs.length);
  expect(rows).toHaveLength(runs.length);
  // Both took part: each has read the releases for itself.
  for (const data of ["one", "two"]) expect(await filesOf(data)).not.toEqual([]);
  await Promise.all(workers.map(stopped));
}, 60_000);

test("they share one request budget: at the source no more requests arrive than it allows", async () => {
  const budget = 9;
  await db.rateLimit.deleteMany({ where: { key: { startsWith: "source:" } } });
  const before = site.hub.requests.length;
  const env = { SLIPMARK_REQUEST_BUDGET: String(budget), SLIPMARK_CACHE_BYTES: "0" };
  const workers = await startTwo(env);
  const runs = await queue(4);
  const arrived = () => site.hub.requests.length - before;
  await vi.waitFor(() => expect(arrived()).toBe(budget), { timeout: 20_000 });
  await sleep(2_000);
  expect(arrived()).toBe(budget);
  await Promise.all(workers.map(stopped));
  const states = await db.run.findMany({ where: { id: { in: runs } }, select: { state: true } });
  for (const { state } of states) expect(["queued", "finished"]).toContain(state);
}, 60_000);
