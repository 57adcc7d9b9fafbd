import type { Database } from "@/lib/platform/database";

/** Statements of every act of a kind, whether a sequencer has appended it yet or not. */
export async function recordedActs(db: Database, kind: string): Promise<readonly string[]> {
  // Pending ones first: an act that is appended in between is then seen twice, and counted once.
  const pending = await db.logPending.findMany({ where: { kind } });
  const entries = await db.logEntry.findMany({ where: { kind } });
  const logged = await db.logStatement.findMany({
    where: { index: { in: entries.map(({ index }) => index) } },
  });
  return [...new Set([...pending, ...logged].map(({ statement }) => statement))];
}
