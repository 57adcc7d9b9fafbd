import type { Database } from "@/lib/platform/database";
import type { RedactionScope } from "./reasons";

type Reader = Pick<Database, "logRedaction" | "logEntry">;

/** What everybody may know of a redaction. */
export interface RedactionDto {
  /** ISO time. */
  readonly at: string;
  /** A code of reasons.ts. */
  readonly reason: string;
  /** "entry": statement and payloads; "name": the actor's name alone; "repository": the statement alone. */
  readonly scope: RedactionScope;
  /** Number of the entry; null while it waits for the log. */
  readonly index: number | null;
  /** Number of the tombstone; null while that waits. */
  readonly tombstone: number | null;
  /** Copies and caches are clean. */
  readonly clean: boolean;
}

const carriedOut = { erasedAt: { not: null } } as const;

/** What was redacted of an entry, the whole of it before a name. */
export async function redactionOfEntry(db: Reader, dedupKey: string): Promise<RedactionDto | null> {
  const rows = await db.logRedaction.findMany({ where: { dedupKey, ...carriedOut } });
  const [row] = ["entry", "repository", "name"].flatMap(
    (scope) => rows.find((one) => one.scope === scope) ?? [],
  );
  return row === undefined ? null : dto(db, row);
}

/** Why a blob is gone that was published under this SHA-256; null when no redaction took it. */
export async function redactionOfBlob(db: Reader, sha256: string): Promise<RedactionDto | null> {
  const row = await db.logRedaction.findFirst({
    where: { blobs: { has: sha256 }, ...carriedOut },
    orderBy: { erasedAt: "asc" },
  });
  return row === null ? null : dto(db, row);
}

async function dto(
  db: Reader,
  row: {
    readonly scope: string;
    readonly reason: string;
    readonly index: bigint | null;
    readonly erasedAt: Date | null;
    readonly cleanAt: Date | null;
  },
): Promise<RedactionDto> {
  const index = row.index === null ? null : Number(row.index);
  const key = `tombstone:${index}${row.scope === "entry" ? "" : `:${row.scope}`}`;
  const tombstone = index === null ? null : await db.logEntry.findUnique({ where: { dedupKey: key } });
  return {
    at: (row.erasedAt ?? new Date(0)).toISOString(),
    reason: row.reason,
    scope: row.scope as RedactionScope,
    index,
    tombstone: tombstone === null ? null : Number(tombstone.index),
    clean: row.cleanAt !== null,
  };
}
