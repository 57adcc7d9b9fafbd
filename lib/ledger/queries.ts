import type { Transaction } from "@/lib/platform/database";

/** A public act whose statement waits to be signed and appended. */
export interface PendingEntry {
  readonly kind: string;
  readonly statementSha256: string;
  readonly t: Date;
}

/** The acts about one page that wait for the log, oldest first. */
export async function pendingEntries(
  db: Pick<Transaction, "logPending">,
  about: string,
): Promise<readonly PendingEntry[]> {
  return db.logPending.findMany({
    where: { about },
    orderBy: { id: "asc" },
    select: { kind: true, statementSha256: true, t: true },
  });
}
