import { availableParallelism } from "node:os";
import { type ParsedSource, parseSources } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";
import { grammarsFor, ParseWorker } from "./parse-worker";
import { ParsingJob, type Take } from "./parsing-job";

/** Below this many characters a thread takes longer to start than to parse. */
const worthThreads = 1_000_000;
/** Batches that a thread has at a time, so that it need not wait for the calling thread. */
const ahead = 3;

/** A thread, and what it has not answered yet. */
interface Thread {
  readonly worker: ParseWorker;
  readonly sent: { readonly job: ParsingJob; readonly from: number }[];
}

/**
 * Threads that parse sources, where that is worth it; they stay for the next release until `close`. How many there are
 * changes nothing but the time: each file is parsed by itself, and the results come back in the order of the files.
 * Several releases may be given at once; threads begin the next one when nothing of those before is left to begin.
 * Where no thread can be started, or one ends early, the calling thread does the rest.
 */
export class ParseThreads {
  #threads: Thread[] = [];
  #jobs: ParsingJob[] = [];

  /** Gives every source to `take` as soon as all before it are there. */
  async parse(
    sources: readonly Source[],
    take: Take,
    onProgress?: (part: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const job = new ParsingJob(sources, take, onProgress);
    const characters = sources.reduce((sum, { text }) => sum + text.length, 0);
    if (characters >= worthThreads && availableParallelism() > 1) {
      job.grammars = await grammarsFor(sources);
      signal?.throwIfAborted();
      await this.#share(job, signal);
    }
    for (let rest = job.missing; rest !== null; rest = job.missing) {
      signal?.throwIfAborted();
      const [parsed] = await parseSources([rest.source]);
      job.deliver(rest.at, [parsed as ParsedSource]);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.end()));
  }

  /** Until threads have done with it what they can. */
  async #share(job: ParsingJob, signal?: AbortSignal): Promise<void> {
    const stop = () => job.fail(signal?.reason);
    signal?.addEventListener("abort", stop);
    this.#jobs.push(job);
    try {
      this.#start(Math.min(4, availableParallelism()));
      for (const thread of this.#threads) this.#feed(thread);
      if (this.#threads.length > 0) await job.done;
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#jobs = this.#jobs.filter((other) => other !== job);
    }
  }

  /** Threads up to this many, also in the place of those that have ended. */
  #start(count: number): void {
    while (this.#threads.length < count) {
      const sent: Thread["sent"] = [];
      const worker = ParseWorker.start(
        (parsed) => {
          const batch = sent.shift();
          batch?.job.answer(batch.from, parsed);
          if (worker !== null) this.#feed({ worker, sent });
        },
        () => this.#lose(sent),
      );
      if (worker === null) return;
      this.#threads.push({ worker, sent });
    }
  }

  #feed({ worker, sent }: Thread): void {
    while (sent.length < ahead) {
      const job = this.#jobs.find((waiting) => waiting.hasMore);
      if (job === undefined) return;
      const { from, sources } = job.next();
      sent.push({ job, from });
      worker.send(sources, job.grammars);
    }
  }

  /** A thread has ended: what it had is left to the caller, and all the rest if it was the last one. */
  #lose(sent: Thread["sent"]): void {
    this.#threads = this.#threads.filter((other) => other.sent !== sent);
    for (const { job } of sent.splice(0)) job.lose();
    if (this.#threads.length === 0) for (const job of this.#jobs) job.giveUp();
  }
}
