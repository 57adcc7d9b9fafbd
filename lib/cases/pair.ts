import type { Transaction } from "@/lib/platform/database";
import type { CaseState } from "./schema";

export interface RepositoryRef {
  readonly source: string;
  readonly repository: string;
}

const joined: readonly CaseState[] = ["notified", "open", "under_verification", "resolved"];

/** Serialises whoever decides on the same pair of repositories until the transaction ends. */
export async function lockPair(
  tx: Transaction,
  original: RepositoryRef,
  suspect: RepositoryRef,
): Promise<void> {
  const key = [original, suspect].map((side) => `${side.source}:${side.repository}`).join(" ");
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 7))`;
}

/**
 * The case that a report of this pair joins. The pair is two repositories, not two commits: a new commit of a model
 * card would otherwise allow the same report again every day.
 */
export async function caseOfPair(
  tx: Transaction,
  original: RepositoryRef,
  suspect: RepositoryRef,
): Promise<{ readonly id: string; readonly publicId: string } | null> {
  const has = (role: string, side: RepositoryRef) => ({
    releases: { some: { role, release: { source: side.source, repository: side.repository } } },
  });
  const row = await tx.case.findFirst({
    where: {
      state: { in: [...joined] },
      publicId: { not: null },
      AND: [has("original", original), has("suspect", suspect)],
    },
    orderBy: { createdAt: "asc" },
    select: { id: true, publicId: true },
  });
  return row?.publicId ? { id: row.id, publicId: row.publicId } : null;
}
