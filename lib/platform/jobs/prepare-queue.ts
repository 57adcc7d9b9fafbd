import { PgBoss } from "pg-boss";
import { ensureQueues, jobsSchema } from "./queues";

/** Creates the queue's tables and queues where they are missing. Takes and sends nothing. */
export async function prepareQueue(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    schema: jobsSchema,
    application_name: "slipmark jobs",
    max: 1,
    supervise: false,
    schedule: false,
  });
  await boss.start();
  try {
    await ensureQueues(boss);
  } finally {
    await boss.stop({ graceful: false });
  }
}
