import { dirname } from "node:path";
import { compare } from "../compare";
import { canonicalJson } from "../formats/canonical-json";
import type { RunJob } from "../run-job";
import { writeCapsule } from "./capsule/write-capsule";
import { folderLeafStore } from "./leaf-store";
import type { RequestBudget } from "./net/request-budget";
import { defaultLimits } from "./net/source-limits";
import { openRelease } from "./source/open-release";
import type { ReleaseReader } from "./source/release";
import type { SourceIo } from "./source/source-io";
import type { SourceSpec } from "./source/spec";

export interface RunHooks {
  readonly budget: RequestBudget;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { phase: string; done: number; total: number }) => void;
  readonly onBytes?: (count: number) => void;
}

/** Opens the inputs, compares them, and writes the capsule before it returns the document. */
export async function executeRunJob(
  job: RunJob,
  hooks: RunHooks,
): Promise<{ readonly document: string; readonly digest: string }> {
  const io: SourceIo = {
    ...job.sources,
    cacheFolder: job.cacheFolder,
    publicOnly: true,
    budget: hooks.budget,
    limits: job.cacheBytes === undefined ? defaultLimits : { ...defaultLimits, cacheBytes: job.cacheBytes },
    ...(hooks.signal ? { signal: hooks.signal } : {}),
    ...(hooks.onBytes ? { onBytes: hooks.onBytes } : {}),
  };
  const { original, suspect, ancestors, controls } = job.inputs;
  const total = 2 + ancestors.length + controls.length;
  let done = 0;
  const open = async (spec: SourceSpec): Promise<ReleaseReader> => {
    hooks.onProgress?.({ phase: "open", done, total });
    const reader = await openRelease(spec, io);
    done += 1;
    return reader;
  };
  const input = {
    original: await open(original),
    suspect: await open(suspect),
    ancestors: await openAll(ancestors, open),
    controls: await openAll(controls, open),
  };
  const comparison = await compare(input, job.parameters, {
    build: job.build,
    scratchFolder: dirname(job.capsulePath),
    ...(job.leafFolder === undefined ? {} : { leafStore: folderLeafStore(job.leafFolder) }),
    ...(hooks.signal ? { signal: hooks.signal } : {}),
    ...(hooks.onProgress ? { onProgress: hooks.onProgress } : {}),
  });
  await writeCapsule(job.capsulePath, { ...comparison, parameters: comparison.result.parameters });
  comparison.blobs.close();
  return { document: canonicalJson(comparison.result), digest: comparison.result.digest };
}

async function openAll(
  specs: readonly SourceSpec[],
  open: (spec: SourceSpec) => Promise<ReleaseReader>,
): Promise<ReleaseReader[]> {
  const readers: ReleaseReader[] = [];
  for (const spec of specs) readers.push(await open(spec));
  return readers;
}
