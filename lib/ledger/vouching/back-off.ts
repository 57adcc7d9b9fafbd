/** Waits after failures in a row: doubled from the first to the last, milliseconds. */
export type BackOff = readonly [firstMs: number, lastMs: number];

/** A server cannot ask for more than an hour of silence. */
const longestMs = 3_600_000;

/**
 * How long to wait after `failures` earlier ones, and at least as long as the server asked for. Up to a quarter less or
 * more, so that several workers do not knock together.
 */
export function backOff([first, last]: BackOff, failures: number, retryAfterSeconds: number | null): number {
  const own = Math.min(last, first * 2 ** Math.min(failures, 30));
  return Math.min(longestMs, Math.max((retryAfterSeconds ?? 0) * 1000, own * (0.75 + Math.random() / 2)));
}
