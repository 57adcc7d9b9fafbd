import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";
import { claimRun } from "@/lib/verification/run-claim";
import {
  cancelRun,
  failAbandonedRun,
  queueRun,
  rerun,
  runPage,
  runProgress,
  runsOfCase,
} from "@/lib/verification/server";
import { original, suspect, testInstance } from "./support";

// Waits before each answer of the Hub while this is set.
let slowMs = 0;
const site = await testInstance({
  handle: async () => {
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
    return false;
  },
});
const { ctx, as } = site;
const reporter = await site.user("reporter");
const stranger = await site.user("stranger");
const moderator = await site.user("moderator", "moderator");

test("a run is queued once, executed once, and its result stands with everything that follows from it", async () => {
  const { id: caseId, publicId } = await site.openCase(reporter);
  const input = { caseId: publicId, idempotencyKey: "form-00000001" };
  const [{ runId }, again] = await Promise.all([
    queueRun(as(reporter), input),
    queueRun(as(reporter), input),
  ]);
  expect(again.runId).toBe(runId);
  expect(await ctx.db.run.count({ where: { caseId } })).toBe(1);
  expect((await ctx.db.case.findUniqueOrThrow({ where: { id: caseId } })).state).toBe("under_verification");
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "queued", waitingBefore: 0, ended: false });

  expect(await site.execute(runId)).toBe("done");
  const page = (await runPage(as(reporter), runId))!;
  expect(page.failure).toBeNull();
  expect(page).toMatchObject({ state: "finished", kind: "case", attempts: 1, ended: true, claim: null });
  expect(page.case?.publicId).toBe(publicId);
  expect(page.may).toEqual({ cancel: false, rerun: true });
  expect(page.inputs.map((input) => input.spec)).toEqual([
    `hf:${original.name}@${original.commit}`,
    `hf:${suspect.name}@${suspect.commit}`,
  ]);
  const result = page.result!;
  expect(result.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(result.document.digest).toBe(result.digest);
  expect(result.document.summary.notIndependent).toBeNull();
  expect(result.document.build).toBe(result.build.sha256);
  expect(result.reproduce.fromCapsule).toContain(`/api/v1/runs/${runId}/capsule`);
  const capsule = await ctx.blobs.get(result.capsule.sha256);
  expect(capsule?.byteLength).toBe(result.capsule.size);
  expect(await ctx.db.blob.findUnique({ where: { sha256: result.capsule.sha256 } })).toMatchObject({
    mediaType: "application/x-tar",
  });

  const events = await ctx.db.caseEvent.findMany({ where: { caseId }, orderBy: { sequence: "asc" } });
  expect(events.map((event) => event.type)).toEqual([
    "run-queued",
    "case-under-verification",
    "run-finished",
  ]);
  const acts = await ctx.db.logPending.findMany({
    where: { about: `case:${publicId}` },
    orderBy: { id: "asc" },
  });
  expect(acts.map((act) => act.kind)).toEqual(["request", "verify"]);
  expect(acts[1]!.statement).toContain(result.digest.slice("sha256:".length));
  expect(await runsOfCase(ctx, caseId)).toMatchObject([
    { id: runId, relation: "inconclusive", notIndependent: null },
  ]);

  // The queue may hand a finished run out again: nothing happens.
  expect(await site.execute(runId)).toBe("done");
  expect((await runPage(ctx, runId))!.attempts).toBe(1);
});

test("a re-run is a run of its own with the same digest and the same capsule", async () => {
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  await expect(rerun(as(reporter), { runId })).rejects.toMatchObject({ code: "wrong-state" });
  await site.execute(runId);
  const second = await rerun(as(moderator), { runId });
  expect(second.runId).not.toBe(runId);
  await site.execute(second.runId);
  const [first, again] = [(await runPage(ctx, runId))!, (await runPage(ctx, second.runId))!];
  expect(again.result!.digest).toBe(first.result!.digest);
  expect(again.result!.capsule.sha256).toBe(first.result!.capsule.sha256);
  expect(again.rerunOf).toBe(runId);
  expect(first.reruns).toMatchObject([{ id: second.runId, state: "finished" }]);
});

test("who may queue a run", async () => {
  const { id, publicId } = await site.openCase(reporter);
  const party = await site.user("party");
  await ctx.db.caseParty.create({
    data: {
      id: newId("pty"),
      caseId: id,
      side: "suspect",
      name: "lab-b",
      userId: party.userId,
      acceptedAt: new Date(),
    },
  });
  const codeFor = (viewer: Viewer) =>
    queueRun(as(viewer), { caseId: publicId }).then(
      () => "queued",
      (error) => error.code,
    );
  expect(await codeFor(anonymous)).toBe("sign-in-required");
  expect(await codeFor(stranger)).toBe("not-allowed");
  expect(await codeFor(party)).toBe("queued");
  expect(await codeFor(moderator)).toBe("queued");
  await ctx.db.case.update({ where: { id }, data: { state: "resolved" } });
  expect(await codeFor(reporter)).toBe("wrong-state");
  expect(await codeFor(stranger)).toBe("not-allowed");
  await expect(queueRun(as(reporter), { caseId: "SLP-2026-9999" })).rejects.toMatchObject({
    code: "not-found",
  });
});

test("runs of a draft are seen by nobody else", async () => {
  const { id, publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  await ctx.db.case.update({ where: { id }, data: { state: "draft" } });
  expect(await runPage(ctx, runId)).toBeNull();
  expect(await runProgress(as(stranger), runId)).toBeNull();
  expect(await runPage(as(reporter), runId)).not.toBeNull();
});

test("a queued run is cancelled at once, by who asked or a moderator", async () => {
  const { publicId, id } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  await expect(cancelRun(as(stranger), { runId })).rejects.toMatchObject({ code: "not-allowed" });
  await cancelRun(as(moderator), { runId });
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "cancelled", ended: true });
  await expect(cancelRun(as(moderator), { runId })).rejects.toMatchObject({ code: "already-done" });
  expect(await site.execute(runId)).toBe("done");
  expect(await ctx.db.runResult.count({ where: { runId } })).toBe(0);
  const last = await ctx.db.caseEvent.findFirst({ where: { caseId: id }, orderBy: { sequence: "desc" } });
  expect(last!.type).toBe("run-cancelled");
});

test("a running run stops soon after somebody asks, and its child knew nothing of our environment", async () => {
  slowMs = 500;
  process.env.SLIPMARK_TEST_SECRET = "must not be seen";
  try {
    const { publicId } = await site.openCase(reporter);
    const { runId } = await queueRun(as(reporter), { caseId: publicId });
    await ctx.db.rateLimit.deleteMany();
    const running = site.execute(runId, {});
    await vi.waitFor(async () => expect((await runProgress(ctx, runId))!.state).toBe("running"), {
      timeout: 5000,
    });
    const environment = await childEnvironment();
    expect(environment.filter((name) => !/^NODE_(CHANNEL|UNIQUE)/.test(name))).toEqual([]);
    await vi.waitFor(async () => expect((await runProgress(ctx, runId))!.progress).not.toBeNull(), {
      timeout: 5000,
    });
    const asked = Date.now();
    await cancelRun(as(reporter), { runId });
    expect(await running).toBe("done");
    expect(Date.now() - asked).toBeLessThan(6000);
    expect(await runProgress(ctx, runId)).toMatchObject({ state: "cancelled", cancelRequested: true });
  } finally {
    slowMs = 0;
    delete process.env.SLIPMARK_TEST_SECRET;
  }
});

test("a worker that stops hands its run back", async () => {
  slowMs = 500;
  const stop = new AbortController();
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  const running = site.execute(runId, { signal: stop.signal });
  await vi.waitFor(async () => expect((await runProgress(ctx, runId))!.state).toBe("running"), {
    timeout: 5000,
  });
  stop.abort();
  expect(await running).toBe("again");
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "queued", attempts: 1, failure: null });
  slowMs = 0;
  expect(await site.execute(runId)).toBe("done");
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "finished", attempts: 2 });
});

test("of two workers on one run only the later one writes, and there is one result", async () => {
  slowMs = 400;
  const { publicId, id } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  const first = site.execute(runId);
  await vi.waitFor(async () => expect((await runProgress(ctx, runId))!.state).toBe("running"), {
    timeout: 5000,
  });
  // As if the first worker had been cut off from the database for longer than its sign of life lasts.
  await ctx.db.run.update({ where: { id: runId }, data: { progressAt: new Date(Date.now() - 60_000) } });
  const second = site.execute(runId);
  expect(await Promise.all([first, second])).toEqual(["done", "done"]);
  slowMs = 0;
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "finished", attempts: 2 });
  expect(await ctx.db.runResult.count({ where: { runId } })).toBe(1);
  const finished = await ctx.db.caseEvent.count({ where: { caseId: id, type: "run-finished" } });
  expect(finished).toBe(1);
});

test("who holds a run is decided by the database's clock, whatever two machines believe the time is", async () => {
  slowMs = 400;
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  const execution = site.execute(runId);
  await vi.waitFor(async () => expect((await runProgress(ctx, runId))!.state).toBe("running"), {
    timeout: 5000,
  });
  const claim = (hours: number) => {
    const clock = { now: () => new Date(Date.now() + hours * 3_600_000) };
    return claimRun({ ...ctx, clock }, runId, AbortSignal.abort());
  };
  await expect(claim(1)).rejects.toThrow("is being executed elsewhere");
  await ctx.db.run.update({ where: { id: runId }, data: { progressAt: new Date(Date.now() - 60_000) } });
  expect(await claim(-1)).toMatchObject({ id: runId, attempt: 2 });
  slowMs = 0;
  expect(await execution).toBe("done");
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "running", attempts: 2 });
});

test("a repository that is gone fails the run at once, with its code", async () => {
  const { publicId, id } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  site.hub.deleteRepository(suspect.name);
  try {
    expect(await site.execute(runId, {})).toBe("done");
  } finally {
    site.hub.addRepository(suspect);
  }
  const page = (await runPage(ctx, runId))!;
  expect(page).toMatchObject({ state: "failed", attempts: 1, result: null });
  expect(page.failure!.code).toBe("unknown-repository");
  const last = await ctx.db.caseEvent.findFirst({ where: { caseId: id }, orderBy: { sequence: "desc" } });
  expect(last).toMatchObject({ type: "run-failed", data: { runId, code: "unknown-repository" } });
});

test("a child that exceeds its time is stopped, and the run fails", async () => {
  slowMs = 1000;
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  expect(await site.execute(runId, { timeLimitMs: 700 })).toBe("done");
  slowMs = 0;
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "failed", failure: { code: "time-limit" } });
});

test("an engine that cannot be started fails the run and not the worker", async () => {
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  const bundle = { path: join(site.folder, "no-such-engine.mjs"), sha256: "0".repeat(64) };
  expect(await site.execute(runId, { bundle })).toBe("done");
  expect(await runProgress(ctx, runId)).toMatchObject({
    state: "failed",
    failure: { code: "engine-crashed" },
  });
});

test("a run that the queue gave up on ends as failed", async () => {
  const { publicId } = await site.openCase(reporter);
  const { runId } = await queueRun(as(reporter), { caseId: publicId });
  await failAbandonedRun(ctx, runId);
  expect(await runProgress(ctx, runId)).toMatchObject({ state: "failed", failure: { code: "worker-lost" } });
});

async function childEnvironment(): Promise<string[]> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  for (const pid of children.trim().split(" ")) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("run-job")) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8");
    return environment
      .split("\0")
      .filter(Boolean)
      .map((entry) => entry.split("=")[0]!);
  }
  throw new Error("no child process was found");
}
