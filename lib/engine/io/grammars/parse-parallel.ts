import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ParsedSource, parseSources } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";
import { type Grammar, grammarBytes } from "./grammar-bytes";
import { parseThreadSource, threadReadsGrammars } from "./parse-thread-source";

/** Below this many characters a thread takes longer to start than to parse. */
const worthThreads = 1_000_000;
const batchSize = 16;

/** What to do with one parsed source. */
type Take = (source: Source, parsed: ParsedSource) => void;

/**
 * Threads that parse sources, where that is worth it; they stay for the next release until `close`. How many there are
 * changes nothing but the time: each file is parsed by itself, and the results come back in the order of the files.
 * Where no thread can be started, or one ends early, the calling thread does the rest.
 */
export class ParseThreads {
  #idle: Worker[] = [];
  /** Grammars that the idle threads were started with. */
  #grammars: ReadonlySet<string> = new Set();

  /** Gives every source to `take` as soon as all before it are there. */
  async parse(
    sources: readonly Source[],
    take: Take,
    onProgress?: (part: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const waiting = new Map<number, ParsedSource>();
    let taken = 0;
    const flush = () => {
      for (let parsed = waiting.get(taken); parsed !== undefined; parsed = waiting.get(taken)) {
        waiting.delete(taken);
        take(sources[taken] as Source, parsed);
        taken += 1;
        if (taken % batchSize === 0) onProgress?.(taken / sources.length);
      }
    };
    const characters = sources.reduce((sum, { text }) => sum + text.length, 0);
    const threads = Math.min(4, availableParallelism());
    if (characters >= worthThreads && threads > 1) {
      const data = await this.#data(sources);
      let next = 0;
      const batches: Batches = {
        next() {
          const from = next;
          next += batchSize;
          return from < sources.length ? { from, sources: sources.slice(from, next) } : null;
        },
        done(from, results) {
          for (const [i, result] of results.entries()) waiting.set(from + i, result);
          flush();
        },
      };
      await Promise.all(Array.from({ length: threads }, () => this.#work(data, batches, signal)));
      signal?.throwIfAborted();
    }
    while (taken < sources.length) {
      signal?.throwIfAborted();
      const [parsed] = await parseSources([sources[taken] as Source]);
      waiting.set(taken, parsed as ParsedSource);
      flush();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((worker) => worker.terminate()));
  }

  /** What threads that have no packages beside them need; where those at hand lack a grammar, new ones are started. */
  async #data(sources: readonly Source[]): Promise<Record<string, Uint8Array>> {
    if (threadReadsGrammars) return {};
    const needed = new Set<Grammar | "runtime">(["runtime", ...sources.map(({ grammar }) => grammar)]);
    if ([...needed].some((name) => !this.#grammars.has(name))) {
      await this.close();
      this.#grammars = needed;
    }
    const entries = [...needed].map(async (name) => [name, await grammarBytes(name)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  /** One thread from its first batch to its last. It never fails: what it did not deliver is left to the caller. */
  #work(grammars: Record<string, Uint8Array>, batches: Batches, signal?: AbortSignal): Promise<void> {
    // A host that starts no threads: slower, and the same result.
    const worker = this.#idle.pop() ?? startThread(grammars);
    if (worker === null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      let batch: Batch | null = null;
      const leave = () => {
        signal?.removeEventListener("abort", end);
        worker.off("message", deliver).off("exit", end);
        resolve();
      };
      const end = () => {
        leave();
        void worker.terminate();
      };
      const feed = () => {
        batch = signal?.aborted ? null : batches.next();
        if (batch !== null) return worker.postMessage(batch.sources);
        leave();
        this.#keep(worker);
      };
      const deliver = (results: readonly ParsedSource[]) => {
        try {
          if (batch !== null) batches.done(batch.from, results);
          feed();
        } catch (error) {
          reject(error);
          end();
        }
      };
      signal?.addEventListener("abort", end);
      worker.on("message", deliver).on("exit", end);
      feed();
    });
  }

  /** For the next release, unless it ends by itself before. */
  #keep(worker: Worker): void {
    this.#idle.push(worker);
    worker.once("exit", () => {
      this.#idle = this.#idle.filter((other) => other !== worker);
    });
  }
}

interface Batch {
  readonly from: number;
  readonly sources: readonly Source[];
}

interface Batches {
  next(): Batch | null;
  done(from: number, results: readonly ParsedSource[]): void;
}

function startThread(grammars: Record<string, Uint8Array>): Worker | null {
  try {
    const worker = new Worker(parseThreadSource(), {
      eval: true,
      workerData: { grammars },
      execArgv: [],
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
    });
    // Its exit follows, and says all that matters: what it did not deliver is parsed by the caller.
    return worker.on("error", () => {});
  } catch {
    return null;
  }
}
