import type { CheckpointCitation } from "@/lib/ledger/server";
import type { Database, Transaction } from "@/lib/platform/database";

/** Which weights answered: a captured release, a digest, or both. */
export interface NamedWeights {
  readonly releaseId: string | null;
  readonly weights: string | null;
}

/**
 * Our observations of these weights: captures of the release, and of every release whose listing names the digest. The
 * same bytes under another name are the same weights.
 */
export async function capturesOf(
  db: Database | Transaction,
  { releaseId, weights }: NamedWeights,
): Promise<readonly string[]> {
  const file = weights === null ? null : JSON.stringify([{ lfsSha256: weights }]);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM capture
    WHERE release_id = ${releaseId}::text OR (${file}::jsonb IS NOT NULL AND files @> ${file}::jsonb)`;
  return rows.map(({ id }) => id);
}

/**
 * The first entry of the log that fixes these weights: whoever answers after it cannot choose them any more. Null while
 * there is none. A release that is named together with a digest has to have that file: one alone would pin whatever the
 * other is.
 */
export async function pinningEntry(
  db: Database | Transaction,
  named: NamedWeights,
): Promise<{ readonly index: number; readonly dedupKey: string } | null> {
  const { releaseId, weights } = named;
  if (releaseId === null && weights === null) return null;
  if (releaseId !== null && weights !== null) {
    const file = JSON.stringify([{ lfsSha256: weights }]);
    const both = await db.$queryRaw<unknown[]>`
      SELECT 1 FROM capture WHERE release_id = ${releaseId} AND files @> ${file}::jsonb LIMIT 1`;
    if (both.length === 0) return null;
  }
  const captures = await capturesOf(db, named);
  const entry = await db.logEntry.findFirst({
    where: { dedupKey: { in: captures.map((id) => `capture:${id}`) } },
    orderBy: { index: "asc" },
    select: { index: true, dedupKey: true },
  });
  return entry === null ? null : { index: Number(entry.index), dedupKey: entry.dedupKey };
}

/** Whether the weights stood in the log inside this checkpoint. */
export async function isPinned(
  db: Database | Transaction,
  named: NamedWeights,
  within: CheckpointCitation | null,
): Promise<boolean> {
  if (within === null) return false;
  const entry = await pinningEntry(db, named);
  return entry !== null && entry.index < within.size;
}
