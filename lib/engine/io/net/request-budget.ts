import { EngineError } from "../../errors";
import { pause } from "./pause";

/** What a far side said about its limits, normalised. Absent = not said. */
export interface RateFacts {
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds from now until the window starts afresh. */
  readonly reset?: number;
  /** Seconds from now before which no request should be sent. */
  readonly retryAfter?: number;
}

/**
 * Permission to send one request to a host. Shared by all workers on a site; local in the CLI. `host` is a host, or a
 * host and contentBudget.
 */
export interface RequestBudget {
  acquire(host: string, signal?: AbortSignal): Promise<void>;
  observed(host: string, facts: RateFacts): void;
}

/**
 * Follows the host in the key of a budget that is for file content alone: ranges from a signed address, by the thousand
 * in one run. The far side counts its API calls and resolves apart from them, and so do we.
 */
export const contentBudget = " content";

/**
 * A budget of this process alone: as fast as the far side allows. Waits out an exhausted window or a Retry-After,
 * and throws "rate-limited" where the wait would be longer than `maxWaitMs`.
 */
export function createLocalBudget(maxWaitMs = 60_000, now: () => number = Date.now): RequestBudget {
  const notBefore = new Map<string, number>();
  return {
    async acquire(host, signal) {
      for (;;) {
        const wait = (notBefore.get(host) ?? 0) - now();
        if (wait <= 0) return;
        if (wait > maxWaitMs) throw limited(host, Math.ceil(wait / 1000));
        await pause(wait, signal);
      }
    },
    observed(host, facts) {
      const seconds = facts.retryAfter ?? (facts.remaining === 0 ? facts.reset : undefined);
      if (seconds === undefined) return;
      notBefore.set(host, Math.max(notBefore.get(host) ?? 0, now() + seconds * 1000));
    },
  };
}

/** The budget of a process that answers to nobody but the far side. */
export const unlimitedBudget: RequestBudget = createLocalBudget();

export function limited(key: string, seconds: number): EngineError {
  const host = key.replace(contentBudget, "");
  return new EngineError("rate-limited", `${host} asks to wait ${seconds} s before the next request`, {
    host,
    seconds,
  });
}
