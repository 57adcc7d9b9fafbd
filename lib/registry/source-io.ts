import { defaultLimits, type SourceIo, unlimitedBudget } from "@/lib/engine";
import type { Context } from "@/lib/platform/context";

const MiB = 1024 * 1024;

/** How the site reads a release while somebody waits: tighter than a run, and never whole weights. */
export function sourceIo(ctx: Context, signal?: AbortSignal): SourceIo {
  return {
    ...ctx.sources,
    budget: unlimitedBudget,
    limits: {
      ...defaultLimits,
      requestMs: 30_000,
      maxRetries: 2,
      maxWaitMs: 10_000,
      maxFiles: 20_000,
      maxRequests: 1_500,
      maxTotalBytes: 256 * MiB,
    },
    ...(signal ? { signal } : {}),
  };
}
