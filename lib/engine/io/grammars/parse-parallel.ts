import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ParsedSource, parseSources } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";
import { type Grammar, grammarBytes } from "./grammar-bytes";
import { parseThreadSource, threadReadsGrammars } from "./parse-thread-source";

/** Below this many characters a thread takes longer to start than to parse. */
const worthThreads = 1_000_000;
const batchSize = 16;

/**
 * Parses sources in threads where that is worth it. How many there are changes nothing but the time: each file is
 * parsed by itself, and the results come back in the order of the files. Where no thread can be started, or one ends
 * early, the calling thread does the rest.
 */
export async function parseParallel(
  sources: readonly Source[],
  onProgress?: (part: number) => void,
  signal?: AbortSignal,
): Promise<ParsedSource[]> {
  const characters = sources.reduce((sum, { text }) => sum + text.length, 0);
  const parsed: (ParsedSource | undefined)[] = sources.map(() => undefined);
  let done = 0;
  const note = () => {
    done += 1;
    if (done % batchSize === 0) onProgress?.(done / sources.length);
  };
  const threads = Math.min(4, availableParallelism());
  if (characters >= worthThreads && threads > 1) {
    const data = await threadData(sources);
    let next = 0;
    const take = () => {
      const from = next;
      next += batchSize;
      return from < sources.length ? from : null;
    };
    const deliver = (from: number, results: readonly ParsedSource[]) => {
      for (const [i, result] of results.entries()) {
        parsed[from + i] = result;
        note();
      }
    };
    await Promise.all(Array.from({ length: threads }, () => runThread(sources, data, take, deliver, signal)));
    signal?.throwIfAborted();
  }
  const left = sources.flatMap((source, at) => (parsed[at] === undefined ? [{ source, at }] : []));
  const rest = await parseSources(
    left.map(({ source }) => source),
    note,
    signal,
  );
  for (const [i, { at }] of left.entries()) parsed[at] = rest[i];
  return parsed as ParsedSource[];
}

async function threadData(sources: readonly Source[]): Promise<Record<string, Uint8Array>> {
  if (threadReadsGrammars) return {};
  const needed = new Set<Grammar | "runtime">(["runtime", ...sources.map(({ grammar }) => grammar)]);
  const entries = [...needed].map(async (name) => [name, await grammarBytes(name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** One thread from its first batch to its last. It never fails: what it did not deliver is left to the caller. */
function runThread(
  sources: readonly Source[],
  grammars: Record<string, Uint8Array>,
  take: () => number | null,
  deliver: (from: number, results: readonly ParsedSource[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let worker: Worker;
    try {
      worker = new Worker(parseThreadSource(), {
        eval: true,
        workerData: { grammars },
        execArgv: [],
        stdin: false,
        resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
      });
    } catch {
      // A host that starts no threads: slower, and the same result.
      resolve();
      return;
    }
    let at: number | null = null;
    const end = () => {
      signal?.removeEventListener("abort", end);
      void worker.terminate();
      resolve();
    };
    const feed = () => {
      at = take();
      if (at === null || signal?.aborted) end();
      else worker.postMessage(sources.slice(at, at + batchSize));
    };
    signal?.addEventListener("abort", end);
    worker.on("message", (results: readonly ParsedSource[]) => {
      if (at !== null) deliver(at, results);
      feed();
    });
    worker.on("error", end);
    worker.on("exit", end);
    feed();
  });
}
