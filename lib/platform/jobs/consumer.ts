import { PgBoss } from "pg-boss";
import type { JobPayloads } from "./index";
import { type JobName, jobNames, jobPayloads } from "./payloads";
import { deadQueue, ensureQueues, jobsSchema } from "./queues";

/** What a handler makes of a job. "again": as soon as the queue's back-off allows; "failed" goes to `onDead`. */
export type JobOutcome = "done" | "again" | "failed";

export interface JobHandler<Name extends JobName> {
  /** Jobs of this name at a time in this process. */
  readonly concurrency: number;
  /** A thrown error counts as "again". `signal` aborts when the job was taken away or the process stops. */
  handle(payload: JobPayloads[Name], job: { readonly signal: AbortSignal }): Promise<JobOutcome>;
  /** Called once for a job that failed for good: retries used up, or "failed". */
  onDead?(payload: JobPayloads[Name]): Promise<void>;
}

export type JobHandlers = { readonly [Name in JobName]: JobHandler<Name> };

export interface JobConsumer {
  /** Takes no more jobs and waits for those in hand, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** The worker's side of the queue: maintenance, the daily round, and one handler per job. */
export async function consumeJobs(
  url: string,
  handlers: JobHandlers,
  options: {
    readonly onError: (error: unknown) => void;
    readonly housekeepingCron?: string;
    readonly monitorCron?: string;
  },
): Promise<JobConsumer> {
  const boss = new PgBoss({
    connectionString: url,
    schema: jobsSchema,
    application_name: "slipmark jobs",
    max: 4,
    useListenNotify: true,
    // A dead worker's jobs are found within 10 s (heartbeat) and this.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    cronMonitorIntervalSeconds: 30,
    // Kept by default for hosted dashboards; nobody reads them here.
    persistWarnings: false,
  } as ConstructorParameters<typeof PgBoss>[0] & object);
  boss.on("error", options.onError);
  await boss.start();
  await ensureQueues(boss);
  for (const name of jobNames) await consume(boss, name, handlers[name], options.onError);
  await boss.schedule("housekeeping", options.housekeepingCron ?? "17 * * * *", { version: 1 });
  await boss.schedule("log.monitor", options.monitorCron ?? "*/10 * * * *", { version: 1 });
  return {
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }),
  };
}

/**
 * New jobs are notified; what was waiting while the last job ran, and what is due again, is found by looking. With
 * notifications on, pg-boss would look every 30 s only, also right after a job.
 */
function polling(seconds: number) {
  return { pollingIntervalSeconds: seconds, notifyPollingIntervalSeconds: seconds };
}

async function consume<Name extends JobName>(
  boss: PgBoss,
  name: Name,
  handler: JobHandler<Name>,
  onError: (error: unknown) => void,
): Promise<void> {
  await boss.work<object>(
    name,
    {
      batchSize: 1,
      localConcurrency: handler.concurrency,
      ...polling(1),
      heartbeatRefreshSeconds: 2,
      perJobResults: true,
    },
    async (jobs) =>
      Promise.all(
        jobs.map(async (job) => {
          const payload = jobPayloads[name].safeParse(job.data);
          if (!payload.success)
            return { id: job.id, status: "deadletter" as const, output: { reason: "payload" } };
          try {
            const outcome = await handler.handle(payload.data as JobPayloads[Name], { signal: job.signal });
            const status = { done: "completed", again: "failed", failed: "deadletter" } as const;
            return { id: job.id, status: status[outcome] };
          } catch (error) {
            onError(error);
            return { id: job.id, status: "failed" as const, output: { reason: String(error).slice(0, 500) } };
          }
        }),
      ),
  );
  await boss.work<object>(deadQueue(name), { batchSize: 1, ...polling(3) }, async (jobs) => {
    for (const job of jobs) {
      const payload = jobPayloads[name].safeParse(job.data);
      if (payload.success) await handler.onDead?.(payload.data as JobPayloads[Name]);
    }
  });
}
