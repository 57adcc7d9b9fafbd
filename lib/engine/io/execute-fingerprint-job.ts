import { fingerprintText } from "../fingerprint/document";
import type { FingerprintJob } from "../run-job";
import type { RunHooks } from "./execute-run-job";
import { fingerprintRelease } from "./fingerprint-release";
import { folderLeafStore } from "./leaf-store";
import { defaultLimits } from "./net/source-limits";
import { openRelease } from "./source/open-release";

/** Computes the fingerprint of one pinned release, as a worker's child. Every byte is read once: no cache of ranges. */
export async function executeFingerprintJob(
  job: FingerprintJob,
  hooks: RunHooks,
): Promise<{ readonly document: string; readonly digest: string }> {
  const light = job.fingerprint.kind === "light";
  const limits = {
    ...defaultLimits,
    ...(job.cacheBytes === undefined ? {} : { cacheBytes: job.cacheBytes }),
    ...(light ? {} : { maxTotalBytes: job.fingerprint.mostBytes * 2, maxRequests: 10_000_000 }),
  };
  const reader = await openRelease(job.fingerprint.source, {
    ...job.sources,
    cacheFolder: light ? job.cacheFolder : null,
    publicOnly: true,
    budget: hooks.budget,
    limits,
    ...(hooks.signal ? { signal: hooks.signal } : {}),
    ...(hooks.onBytes ? { onBytes: hooks.onBytes } : {}),
  });
  const document = await fingerprintRelease(reader, {
    light,
    // One thread beside this one: other runs share the machine.
    threads: 1,
    ...(job.leafFolder === null ? {} : { store: folderLeafStore(job.leafFolder) }),
    ...(hooks.signal ? { signal: hooks.signal } : {}),
    ...(hooks.onProgress ? { onProgress: hooks.onProgress } : {}),
  });
  return { document: fingerprintText(document), digest: document.digest };
}
