import { setTimeout as sleep } from "node:timers/promises";
import {
  contentBudget,
  limited,
  type RateFacts,
  type RequestBudget,
} from "@/lib/engine/io/net/request-budget";
import type { Database } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { block, consume } from ".";

export interface SourceBudgetOptions {
  /**
   * Requests to one host in five minutes, all workers and sites of this instance together; ranges of file content,
   * which a run over an 8B pair reads by the thousand, have forty times as many of their own.
   */
  readonly requests: number;
  /** Longest wait for a free request before "rate-limited". */
  readonly maxWaitMs: number;
  /** Told before a wait, so that a run can say that it waits. */
  readonly onWait?: (host: string, ms: number) => void;
}

/** The window in which the Hub counts its own limits. */
const windowSeconds = 300;

const contentShare = 40;

/** Longest pause that a far side's word can impose: an absurd header must not stop a host for a day. */
const longestBlockSeconds = 900;

/**
 * The request budget of the whole instance, kept in PostgreSQL: every process takes its permits from the same row,
 * and a Retry-After that one of them saw stops all of them.
 */
export function sourceBudget(db: Database, options: SourceBudgetOptions): RequestBudget {
  const pointsOf = (host: string) => options.requests * (host.endsWith(contentBudget) ? contentShare : 1);
  return {
    async acquire(host, signal) {
      const deadline = Date.now() + options.maxWaitMs;
      for (;;) {
        signal?.throwIfAborted();
        try {
          await consume(db, { name: "source", key: host, points: pointsOf(host), seconds: windowSeconds });
          return;
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== "too-many-requests") throw error;
          const seconds = Number(error.detail.retryAfter);
          if (Date.now() + seconds * 1000 > deadline) throw limited(host, seconds);
          options.onWait?.(host, seconds * 1000);
          // Jitter: those who waited together must not all ask again in the same moment.
          await sleep(
            seconds * 1000 + Math.random() * 250,
            undefined,
            signal === undefined ? {} : { signal },
          );
        }
      }
    },
    observed(host, facts) {
      const seconds = pauseAsked(facts);
      if (seconds === null) return;
      // Not awaited: the answer that carried the header is waiting for nobody. A lost write is seen again soon.
      block(db, { name: "source", key: host, points: pointsOf(host), seconds: windowSeconds }, seconds).catch(
        () => undefined,
      );
    },
  };
}

/** Seconds for which the host wants no request; null when it asks for nothing. */
export function pauseAsked(facts: RateFacts): number | null {
  const asked = facts.retryAfter ?? (facts.remaining === 0 ? facts.reset : undefined);
  if (asked === undefined || !Number.isFinite(asked) || asked <= 0) return null;
  return Math.min(longestBlockSeconds, Math.ceil(asked));
}
