import type { Transaction } from "@/lib/platform/database";

/** The next public id of the year. The upsert holds the row until the transaction ends: no number twice, none left out. */
export async function nextPublicId(tx: Transaction, prefix: string, at: Date): Promise<string> {
  const year = at.getUTCFullYear();
  const rows = await tx.$queryRaw<{ taken: number }[]>`
    INSERT INTO case_number (year, next) VALUES (${year}, 2)
    ON CONFLICT (year) DO UPDATE SET next = case_number.next + 1
    RETURNING next - 1 AS taken`;
  return `${prefix}-${year}-${String(rows[0]?.taken).padStart(4, "0")}`;
}
