import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";

export interface Limit {
  /** What is limited: part of the key in the table. */
  readonly name: string;
  /** Whom: an account, an address. */
  readonly key: string;
  readonly points: number;
  readonly seconds: number;
}

const limiters = new WeakMap<Database, Map<string, RateLimiterPostgres>>();

/** Takes one point; "too-many-requests" with the seconds to wait when none is left. Shared by all processes. */
export async function consume(
  db: Database,
  limit: Limit,
): Promise<{ remaining: number; resetSeconds: number }> {
  try {
    const result = await limiterOf(db, limit).consume(limit.key);
    return { remaining: result.remainingPoints, resetSeconds: Math.ceil(result.msBeforeNext / 1000) };
  } catch (error) {
    if (error instanceof RateLimiterRes)
      throw new AppError("too-many-requests", {
        detail: { retryAfter: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) },
      });
    throw error;
  }
}

/** Refuses everything under this key for so many seconds, whatever points are left. */
export async function block(db: Database, limit: Limit, seconds: number): Promise<void> {
  await limiterOf(db, limit).block(limit.key, seconds);
}

function limiterOf(db: Database, limit: Limit): RateLimiterPostgres {
  const ofDatabase = limiters.get(db) ?? new Map<string, RateLimiterPostgres>();
  limiters.set(db, ofDatabase);
  const id = `${limit.name} ${limit.points} ${limit.seconds}`;
  const known = ofDatabase.get(id);
  if (known !== undefined) return known;
  const limiter = new RateLimiterPostgres({
    storeClient: overPrisma(db),
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    keyPrefix: limit.name,
    points: limit.points,
    duration: limit.seconds,
    // The housekeeping job clears old rows; a timer in every process would not end with it.
    clearExpiredByTimeout: false,
  });
  ofDatabase.set(id, limiter);
  return limiter;
}

/** The part of a pg pool that the limiter uses, over the pool that the process has anyway. */
function overPrisma(db: Database) {
  return {
    async query(query: { readonly text: string; readonly values?: readonly unknown[] }) {
      const rows = await db.$queryRawUnsafe<Record<string, unknown>[]>(
        query.text,
        ...(query.values ?? []).map((value) =>
          typeof value === "number" && !Number.isSafeInteger(value) ? Math.trunc(value) : value,
        ),
      );
      return {
        rowCount: rows.length,
        rows: rows.map((row) => ({ ...row, expire: row.expire === null ? null : Number(row.expire) })),
      };
    },
  };
}
