import { Worker } from "node:worker_threads";
import type { ParsedSource } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";
import { type Grammar, grammarBytes } from "./grammar-bytes";
import { parseThreadSource, threadReadsGrammars } from "./parse-thread-source";

type Grammars = Partial<Record<Grammar | "runtime", Uint8Array<ArrayBuffer>>>;

/** What a parsing thread is sent: sources, and the grammars it needs for them and has not had before. */
export interface ThreadBatch {
  readonly sources: readonly Source[];
  readonly grammars: Grammars;
}

/** One parsing thread. Its answers come in the order of what it was sent; once it has ended, none comes any more. */
export class ParseWorker {
  readonly #worker: Worker;
  readonly #sent = new Set<Grammar | "runtime">();

  /** Null where the host starts no thread. */
  static start(onAnswer: (parsed: readonly ParsedSource[]) => void, onEnd: () => void): ParseWorker | null {
    try {
      return new ParseWorker(onAnswer, onEnd);
    } catch {
      return null;
    }
  }

  private constructor(onAnswer: (parsed: readonly ParsedSource[]) => void, onEnd: () => void) {
    this.#worker = new Worker(parseThreadSource(), {
      eval: true,
      workerData: { grammars: {} },
      execArgv: [],
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
    });
    // Its exit follows, and says all that matters: what it did not deliver is parsed by the caller.
    this.#worker.on("error", () => {});
    this.#worker.on("message", onAnswer).once("exit", onEnd);
  }

  send(sources: readonly Source[], grammars: Grammars): void {
    const names = Object.keys(grammars) as (Grammar | "runtime")[];
    const unknown = names.filter((name) => !this.#sent.has(name));
    for (const name of unknown) this.#sent.add(name);
    const batch: ThreadBatch = {
      sources,
      grammars: Object.fromEntries(unknown.map((name) => [name, grammars[name]])),
    };
    this.#worker.postMessage(batch);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What a thread that has no packages beside it needs for these sources; nothing where it finds the grammars itself. */
export async function grammarsFor(sources: readonly Source[]): Promise<Grammars> {
  if (threadReadsGrammars) return {};
  const needed = new Set<Grammar | "runtime">(["runtime", ...sources.map(({ grammar }) => grammar)]);
  const entries = [...needed].map(async (name) => [name, await grammarBytes(name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
