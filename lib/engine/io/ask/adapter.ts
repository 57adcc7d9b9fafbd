import type { AskedItem, AskTerms, CallProblem, TranscriptHeader } from "../../canary/transcript";
import type { EngineError } from "../../errors";

/** What a request came to for good: an answer in `response`, or a problem that trying again would not change. */
export interface Outcome {
  readonly requestSha256: string;
  /** HTTP status or exit code. */
  readonly status: number | null;
  /** Date header, as it came. */
  readonly date: string | null;
  /** The response's bytes; null when they were not kept. */
  readonly response: Uint8Array | null;
  readonly problem: CallProblem | null;
  /** What the far side said of the problem; for people, never kept. */
  readonly message: string | null;
}

/** One request sent. `later`: worth another attempt after the wait; when those are used up, `otherwise` or the error. */
export type Attempt =
  | { readonly outcome: Outcome }
  | {
      readonly later: EngineError;
      readonly waitMs: number;
      readonly otherwise?: Outcome;
    };

/** Whoever can be asked. Holds a key, if it has one, where nothing prints or stores it. */
export interface AskAdapter extends Pick<TranscriptHeader, "adapter" | "endpoint" | "model" | "parameters"> {
  /** Longest wait that the far side may ask for, and pauses between attempts. */
  readonly patience: Patience;
  /**
   * Sends the request for an item once. Throws EngineError when no later item would fare better (address refused, key
   * refused, no such model, redirected), and "cancelled".
   */
  send(
    terms: AskTerms,
    item: AskedItem,
    image: Uint8Array | null,
    signal: AbortSignal | undefined,
  ): Promise<Attempt>;
}

export interface Patience {
  /** Attempts after the first one. */
  readonly maxRetries: number;
  /** First pause in milliseconds; doubles each time, with jitter. */
  readonly retryBaseMs: number;
  /** Longest pause that a Retry-After may ask for, in milliseconds. */
  readonly maxWaitMs: number;
}

export const usualPatience: Patience = { maxRetries: 5, retryBaseMs: 1_000, maxWaitMs: 600_000 };
