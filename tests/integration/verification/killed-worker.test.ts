import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { queueRun, runPage, runProgress } from "@/lib/verification/server";
import { recordedActs } from "@/tests/support/recorded-acts";
import { testInstance } from "./support";
import { startWorkerProcess, stopped } from "./worker-process";

// The far side drips: a run takes some seconds, so that a worker can be killed in the middle of it.
let slowMs = 0;
const site = await testInstance({
  handle: async () => {
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
    return false;
  },
});
const reporter = await site.user("reporter");
const startWorker = () => startWorkerProcess(site);

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

test("a worker killed with -9 in the middle of a run loses nothing: another ends it, with one result", async () => {
  const first = await startWorker();
  const { id: caseId, publicId } = await site.openCase(reporter);
  slowMs = 1500;
  const { runId } = await queueRun(site.as(reporter), { caseId: publicId });
  await vi.waitFor(async () => expect((await runProgress(site.ctx, runId))?.progress).toBeTruthy(), {
    timeout: 15_000,
  });
  const second = await startWorker();
  expect(await runProgress(site.ctx, runId)).toMatchObject({ state: "running", attempts: 1 });
  const [child] = await childrenOf(first.pid!);
  expect(child).toBeDefined();

  const killed = Date.now();
  first.kill("SIGKILL");
  // Its child notices and ends: nothing goes on reading for a run that is no longer ours.
  await vi.waitFor(() => expect(() => process.kill(child!, 0)).toThrow(), { timeout: 5_000 });
  slowMs = 0;
  await vi.waitFor(async () => expect((await runProgress(site.ctx, runId))?.attempts).toBe(2), {
    timeout: 40_000,
    interval: 50,
  });
  console.info(`taken over after ${((Date.now() - killed) / 1000).toFixed(1)} s`);
  await vi.waitFor(async () => expect((await runProgress(site.ctx, runId))?.ended).toBe(true), {
    timeout: 20_000,
  });
  const page = (await runPage(site.ctx, runId))!;
  expect(page).toMatchObject({ state: "finished", attempts: 2, failure: null });
  expect(await site.ctx.db.runResult.count({ where: { runId } })).toBe(1);
  const events = await site.ctx.db.caseEvent.findMany({ where: { caseId }, orderBy: { sequence: "asc" } });
  expect(events.map((event) => event.type)).toEqual([
    "run-queued",
    "case-under-verification",
    "run-finished",
  ]);
  expect(await recordedActs(site.ctx.db, "verify")).toHaveLength(1);
  await stopped(second);
}, 120_000);

test("a worker asked to stop hands its run back and ends quickly; the next one finishes it", async () => {
  const first = await startWorker();
  const { publicId } = await site.openCase(reporter);
  // Longer than the worker may take to stop: the run cannot end by itself meanwhile.
  slowMs = 12_000;
  const { runId } = await queueRun(site.as(reporter), { caseId: publicId });
  await vi.waitFor(async () => expect((await runProgress(site.ctx, runId))?.state).toBe("running"), {
    timeout: 15_000,
  });
  const asked = Date.now();
  await stopped(first);
  expect(Date.now() - asked).toBeLessThan(10_000);
  expect(first.exitCode).toBe(0);
  expect(await runProgress(site.ctx, runId)).toMatchObject({ state: "queued", attempts: 1 });
  slowMs = 0;
  const second = await startWorker();
  await vi.waitFor(async () => expect((await runProgress(site.ctx, runId))?.state).toBe("finished"), {
    timeout: 40_000,
  });
  await stopped(second);
}, 120_000);
