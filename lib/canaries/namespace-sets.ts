import type { Database } from "@/lib/platform/database";
import type { CanarySet } from "@/lib/platform/database/generated/client";
import { relatedSets } from "./related-sets";

/**
 * How many sets of the same namespace or about the same model were committed before these answers were registered, this
 * one included: p is multiplied by it, or fifty sets would be fifty chances. Sets that lie before in the log or by our
 * clock count both.
 */
export async function setsOfNamespaceBefore(
  db: Database,
  setId: string,
  answerSetId: string,
): Promise<number> {
  const [set, answers, entry] = await Promise.all([
    db.canarySet.findUniqueOrThrow({ where: { setId } }),
    db.canaryAnswerSet.findUniqueOrThrow({ where: { id: answerSetId } }),
    db.logEntry.findUnique({ where: { dedupKey: `responses:${answerSetId}` }, select: { index: true } }),
  ]);
  return countBefore(db, set, answers.createdAt, entry?.index ?? null);
}

/** The same for a set alone: those committed no later than it. */
export async function setsOfNamespaceUntil(db: Database, set: CanarySet): Promise<number> {
  return countBefore(db, set, set.createdAt, null);
}

async function countBefore(db: Database, set: CanarySet, at: Date, index: bigint | null): Promise<number> {
  const related = await relatedSets(db, set);
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM canary_set s
    WHERE s.id = ANY(${related}::text[])
      AND (s.id = ${set.id} OR s.created_at <= ${at}::timestamptz
        OR EXISTS (SELECT FROM log_entry e WHERE e.dedup_key = 'commit:' || s.set_id AND e.index < ${index}::bigint))`;
  return Math.max(1, Number(row?.count ?? 1));
}
