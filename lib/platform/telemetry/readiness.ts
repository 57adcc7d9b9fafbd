import type { Database } from "@/lib/platform/database";
import { jobsSchema } from "@/lib/platform/jobs/queues";

export interface Readiness {
  readonly ready: boolean;
  readonly database: "ok" | "unreachable";
  /** "waiting": no process has set the queue up yet; the first job or worker does. */
  readonly queue: "ok" | "waiting" | "unknown";
  /** Public acts that wait for the log. */
  readonly log: { readonly pending: number } | null;
}

/** Asks the database, with a time limit: a load balancer must get its answer. */
export async function readiness(db: Database, timeoutMs = 3_000): Promise<Readiness> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error("the database does not answer")), timeoutMs).unref(),
  );
  try {
    return await Promise.race([look(db), late]);
  } catch {
    return { ready: false, database: "unreachable", queue: "unknown", log: null };
  }
}

async function look(db: Database): Promise<Readiness> {
  const [row] = await db.$queryRaw<{ queue: string | null }[]>`
    SELECT to_regclass(${`${jobsSchema}.queue`})::text AS queue`;
  // Acts that are held wait for their author or their case, not for the log.
  const pending = await db.logPending.count({
    where: { OR: [{ heldUntil: null }, { heldUntil: { lte: new Date() } }] },
  });
  return { ready: true, database: "ok", queue: row?.queue ? "ok" : "waiting", log: { pending } };
}
