import { createLocalBudget } from "@/lib/engine/io/net/request-budget";
import { defaultLimits, type SourceLimits } from "@/lib/engine/io/net/source-limits";
import type { SourceIo } from "@/lib/engine/io/source/source-io";
import type { SourceSettings } from "./index";

/** What the engine's adapters need, from this process's settings. */
export function sourceIo(
  sources: SourceSettings,
  options: { readonly limits?: Partial<SourceLimits>; readonly signal?: AbortSignal } = {},
): SourceIo {
  const limits = { ...defaultLimits, ...options.limits };
  return {
    hf: sources.hf,
    github: sources.github,
    cacheFolder: sources.cacheFolder,
    publicOnly: true,
    budget: sources.budget ?? createLocalBudget(limits.maxWaitMs),
    limits: sources.cacheBytes === undefined ? limits : { ...limits, cacheBytes: sources.cacheBytes },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}
