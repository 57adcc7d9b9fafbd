/** Requests allowed per fixed window, for each of the Hub's two buckets. */
export interface HubRateLimit {
  readonly api?: number;
  readonly resolvers?: number;
  /** The real Hub counts over five minutes. */
  readonly windowSeconds: number;
}

export type Bucket = "api" | "resolvers";

export interface Verdict {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The Hub's limiter: a fixed window per bucket, told in the headers of draft-ietf-httpapi-ratelimit-headers
 * (`RateLimit: "api";r=…;t=…`, `RateLimit-Policy: "fixed window";"api";q=…;w=…`), 429 beyond it.
 */
export function createLimiter(limit: HubRateLimit | null, now: () => number) {
  const windows = new Map<Bucket, { start: number; used: number }>();
  let current = limit;
  return {
    set(next: HubRateLimit | null) {
      current = next;
      windows.clear();
    },
    count(bucket: Bucket): Verdict {
      const quota = current?.[bucket];
      if (!current || quota === undefined) return { allowed: true, headers: {} };
      const length = current.windowSeconds * 1000;
      const at = now();
      let window = windows.get(bucket);
      if (!window || at >= window.start + length) {
        window = { start: at, used: 0 };
        windows.set(bucket, window);
      }
      window.used += 1;
      const left = Math.max(0, quota - window.used);
      const seconds = Math.max(1, Math.ceil((window.start + length - at) / 1000));
      const allowed = window.used <= quota;
      return {
        allowed,
        headers: {
          RateLimit: `"${bucket}";r=${left};t=${seconds}`,
          "RateLimit-Policy": `"fixed window";"${bucket}";q=${quota};w=${current.windowSeconds}`,
          ...(allowed ? {} : { "Retry-After": String(seconds) }),
        },
      };
    },
  };
}
