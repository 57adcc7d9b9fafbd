import type { Database, Transaction } from "@/lib/platform/database";

/** A version of a method that proved wrong, by "id@version". */
export interface RecalledVersion {
  readonly id: string;
  readonly method: string;
  readonly version: string;
  readonly reason: string;
  readonly note: string | null;
  readonly at: string;
}
export type RecalledVersions = ReadonlyMap<string, RecalledVersion>;

/** All of them: few, and every page of a result asks. */
export async function recalledVersions(
  db: Pick<Database | Transaction, "methodRecall">,
): Promise<RecalledVersions> {
  const rows = await db.methodRecall.findMany({ orderBy: { createdAt: "asc" } });
  return new Map(
    rows.map(({ id, method, version, reason, note, createdAt }) => [
      `${method}@${version}`,
      { id, method, version, reason, note, at: createdAt.toISOString() },
    ]),
  );
}

/** Those of these methods ("id@version") that were recalled. */
export function recalledAmong(used: readonly string[], recalled: RecalledVersions): readonly string[] {
  return used.filter((name) => recalled.has(name));
}
