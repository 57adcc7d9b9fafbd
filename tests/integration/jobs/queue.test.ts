import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newId } from "@/lib/platform/ids";
import {
  consumeJobs,
  type JobConsumer,
  type JobHandlers,
  type JobOutcome,
} from "@/lib/platform/jobs/consumer";
import { type ClosableSender, createJobSender } from "@/lib/platform/jobs/sender";
import { testDatabase } from "../../support/database";

const { url, db } = await testDatabase();

const taken: string[] = [];
const dead: string[] = [];
let outcomeOf: (runId: string, times: number) => JobOutcome = () => "done";
let sender: ClosableSender;
let consumer: JobConsumer;

const quiet = { concurrency: 1, handle: async () => "done" as const };
const handlers: JobHandlers = {
  "run.execute": {
    concurrency: 1,
    handle: async ({ runId }) => {
      taken.push(runId);
      return outcomeOf(runId, taken.filter((one) => one === runId).length);
    },
    onDead: async ({ runId }) => {
      dead.push(runId);
    },
  },
  "fingerprint.compute": quiet,
  "canary.ask": quiet,
  "canary.judge": quiet,
  "canary.nonce": quiet,
  "link.capture": quiet,
  "redaction.finish": quiet,
  "recall.apply": quiet,
  "log.monitor": quiet,
  housekeeping: quiet,
};

const errors: unknown[] = [];

beforeAll(() => {
  sender = createJobSender(url, (error) => errors.push(error));
});

afterAll(async () => {
  await consumer?.stop(2000);
  await sender.close();
  expect(errors).toEqual([]);
});

test("a job exists exactly if its transaction commits, and once per key", async () => {
  const [kept, lost] = [newId("run"), newId("run")];
  await db.$transaction(async (tx) => {
    await sender.send(tx, "run.execute", { version: 1, runId: kept }, { idempotencyKey: kept });
    await sender.send(tx, "run.execute", { version: 1, runId: kept }, { idempotencyKey: kept });
  });
  await expect(
    db.$transaction(async (tx) => {
      await sender.send(tx, "run.execute", { version: 1, runId: lost }, { idempotencyKey: lost });
      throw new Error("changed my mind");
    }),
  ).rejects.toThrow("changed my mind");
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT data->>'runId' AS id FROM slipmark_jobs.job WHERE name = 'run.execute'`;
  expect(rows.map((row) => row.id)).toEqual([kept]);
});

test("a payload of another shape is refused before it is stored", async () => {
  await expect(
    db.$transaction((tx) => sender.send(tx, "run.execute", { version: 1, runId: "run_1" })),
  ).rejects.toThrow("runId");
});

test("the worker takes the most urgent first, then the oldest", async () => {
  const ids = Array.from({ length: 4 }, () => newId("run"));
  const [low, high, alsoHigh, middle] = ids as [string, string, string, string];
  for (const [runId, priority] of [
    [low, -5],
    [high, 10],
    [alsoHigh, 10],
    [middle, 5],
  ] as const)
    await db.$transaction((tx) => sender.send(tx, "run.execute", { version: 1, runId }, { priority }));
  consumer = await consumeJobs(url, handlers, { onError: (error) => errors.push(error) });
  await vi.waitFor(() => expect(taken).toHaveLength(5), { timeout: 15_000 });
  expect(taken.filter((id) => ids.includes(id))).toEqual([high, alsoHigh, middle, low]);
});

test("a job that should come again comes again", async () => {
  const runId = newId("run");
  outcomeOf = (_id, times) => (times === 1 ? "again" : "done");
  await db.$transaction((tx) => sender.send(tx, "run.execute", { version: 1, runId }));
  await vi.waitFor(() => expect(taken).toContain(runId), { timeout: 10_000, interval: 20 });
  await vi.waitFor(() => expect(taken.filter((id) => id === runId)).toHaveLength(2), { timeout: 15_000 });
  expect(dead).toEqual([]);
});

test("a job that failed for good reaches the dead-letter handler once", async () => {
  const runId = newId("run");
  outcomeOf = () => "failed";
  await db.$transaction((tx) => sender.send(tx, "run.execute", { version: 1, runId }));
  await vi.waitFor(() => expect(dead).toEqual([runId]), { timeout: 15_000 });
  expect(taken.filter((id) => id === runId)).toHaveLength(1);
});
