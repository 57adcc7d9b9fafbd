import { createHash, randomBytes } from "node:crypto";
import { utf8 } from "@/lib/engine/log";
import type { Clock } from "@/lib/platform/clock";
import type { Database } from "@/lib/platform/database";
import { boundedRequest, OutsideProblem } from "@/lib/platform/http/bounded-request";
import { publishedCheckpoint } from "../log/read";
import { isPlausible } from "../vouching/plausible";
import { type TimestampCode, TimestampProblem } from "./problem";
import { encodeRequest } from "./request";
import type { TimestampRoots } from "./roots";
import { verifyToken } from "./verify-token";

export interface StampingDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Where timestamp queries are sent (RFC 3161, section 3.4). */
  readonly url: string;
  readonly roots: TimestampRoots;
  readonly timeoutMs: number;
}

export type StampingRound =
  | { readonly outcome: "stamped"; readonly size: number }
  /** The newest published checkpoint has a token, or there is none. */
  | { readonly outcome: "nothing-new" }
  | { readonly outcome: "problem"; readonly problem: TimestampCode; readonly retryAfter: number | null };

/** A token with a chain of RSA certificates has some ten kilobytes. */
const largestToken = 65_536;

/**
 * Has the newest published checkpoint dated: a token over the SHA-256 of its signed note as it stands now, checked like a
 * stranger would check it, then kept. An authority that fails is an outcome; only a failing database throws.
 */
export async function stampNewest(deps: StampingDeps, signal: AbortSignal): Promise<StampingRound> {
  const { db, clock, url, roots, timeoutMs } = deps;
  const checkpoint = await publishedCheckpoint(db);
  const last = await lastStamped(db);
  if (checkpoint === null || (last !== null && last.size >= checkpoint.size))
    return { outcome: "nothing-new" };
  const data = utf8(checkpoint.note);
  const nonce = randomBytes(8);
  try {
    const { status, body, retryAfter } = await boundedRequest({
      url,
      type: "application/timestamp-query",
      body: encodeRequest(createHash("sha256").update(data).digest(), nonce),
      limit: largestToken,
      timeoutMs,
      signal,
    });
    if (status !== 200) return { outcome: "problem", problem: "server-error", retryAfter };
    const { time, authority } = verifyToken(body, { data, nonce, roots });
    if (!isPlausible(time, checkpoint.createdAt, clock.now()))
      throw new TimestampProblem("wrong-time", `the token says ${time.toISOString()}`);
    await db.logTimestamp.createMany({
      data: [
        {
          size: BigInt(checkpoint.size),
          authority,
          token: new Uint8Array(body),
          note: checkpoint.note,
          time,
        },
      ],
      skipDuplicates: true,
    });
    return { outcome: "stamped", size: checkpoint.size };
  } catch (error) {
    if (error instanceof TimestampProblem || error instanceof OutsideProblem)
      return { outcome: "problem", problem: error.code, retryAfter: null };
    throw error;
  }
}

/** The newest checkpoint that has a token. */
export async function lastStamped(db: Database): Promise<{
  readonly size: number;
  readonly authority: string;
  /** What the authority says. */
  readonly time: Date;
  /** When we kept it. */
  readonly keptAt: Date;
} | null> {
  const row = await db.logTimestamp.findFirst({ orderBy: [{ size: "desc" }, { authority: "asc" }] });
  return row === null
    ? null
    : { size: Number(row.size), authority: row.authority, time: row.time, keptAt: row.createdAt };
}
