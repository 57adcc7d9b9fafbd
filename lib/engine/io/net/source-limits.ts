/** Bounds on what one release may cost. Sizes in bytes, times in milliseconds. */
export interface SourceLimits {
  /** Whole time of one request, redirects apart: a far side that drips bytes is cut off here. */
  readonly requestMs: number;
  /** Silence on an open connection. */
  readonly idleMs: number;
  readonly maxRedirects: number;
  /** Attempts after the first one, for failures that may pass. */
  readonly maxRetries: number;
  /** First pause before a retry; doubles each time, with jitter. */
  readonly retryBaseMs: number;
  /** Longest pause that a Retry-After or an empty request budget may ask for. */
  readonly maxWaitMs: number;
  /** Files of one listing. */
  readonly maxFiles: number;
  /** Bytes of one listing answer (a page of a tree, a recorded listing). */
  readonly maxListingBytes: number;
  /** Bytes of one range or one whole file. */
  readonly maxReadBytes: number;
  /** Requests and bytes of one opened release: a full read of the largest open models must fit. */
  readonly maxRequests: number;
  readonly maxTotalBytes: number;
  /** Size of the on-disk cache. */
  readonly cacheBytes: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: SourceLimits = {
  requestMs: 120_000,
  idleMs: 20_000,
  maxRedirects: 5,
  maxRetries: 3,
  retryBaseMs: 500,
  maxWaitMs: 60_000,
  maxFiles: 50_000,
  maxListingBytes: 32 * MiB,
  maxReadBytes: 256 * MiB,
  maxRequests: 500_000,
  maxTotalBytes: 2 * 1024 * 1024 * MiB,
  cacheBytes: 2048 * MiB,
};
