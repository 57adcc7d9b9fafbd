import { randomUUID } from "node:crypto";
import { fromPrisma, PgBoss } from "pg-boss";
import type { JobSender } from "./index";
import { jobPayloads } from "./payloads";
import { ensureQueues, jobsSchema } from "./queues";

export interface ClosableSender extends JobSender {
  close(): Promise<void>;
}

/**
 * Sends jobs and does nothing else: no maintenance, no schedule, no consuming. Its own connections are used only to
 * look up the queues; the job's row is written on the caller's transaction. Starts with the first job.
 */
export function createJobSender(
  url: string,
  onError: (error: unknown) => void = () => undefined,
): ClosableSender {
  const boss = new PgBoss({
    connectionString: url,
    schema: jobsSchema,
    application_name: "slipmark jobs",
    max: 1,
    supervise: false,
    schedule: false,
  } as ConstructorParameters<typeof PgBoss>[0] & object);
  boss.on("error", onError);
  let starting: Promise<unknown> | null = null;

  // A database that is away for a moment must not spoil the process for ever: a failed start is tried again.
  const started = () => {
    starting ??= (async () => {
      await boss.start();
      await ensureQueues(boss);
    })().catch((error) => {
      starting = null;
      throw error;
    });
    return starting;
  };

  return {
    async send(tx, name, payload, options = {}) {
      const data = jobPayloads[name].parse(payload);
      await started();
      await boss.send(name, data, {
        db: fromPrisma(tx),
        ...(options.priority === undefined ? {} : { priority: options.priority }),
        ...(options.notBefore === undefined ? {} : { startAfter: options.notBefore }),
        // The queues are "exclusive": jobs without a key of their own would all count as the same one.
        singletonKey: options.idempotencyKey ?? randomUUID(),
      });
    },
    async close() {
      if (starting === null) return;
      await starting.catch(() => undefined);
      await boss.stop({ graceful: false });
    },
  };
}
