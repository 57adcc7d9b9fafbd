import type { ParsedSource } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";
import type { grammarsFor } from "./parse-worker";

const batchSize = 16;

/** What to do with one parsed source. */
export type Take = (source: Source, parsed: ParsedSource) => void;

/** The sources of one release on their way through threads: given out in batches, taken back in order. */
export class ParsingJob {
  grammars: Awaited<ReturnType<typeof grammarsFor>> = {};
  /** When all that was given out has come back, or is lost. */
  readonly done: Promise<void>;
  #settle: { resolve(): void; reject(error: unknown): void };
  readonly #sources: readonly Source[];
  readonly #take: Take;
  readonly #onProgress: ((part: number) => void) | undefined;
  readonly #waiting = new Map<number, ParsedSource>();
  #taken = 0;
  #given = 0;
  #out = 0;
  #failed = false;

  constructor(sources: readonly Source[], take: Take, onProgress?: (part: number) => void) {
    this.#sources = sources;
    this.#take = take;
    this.#onProgress = onProgress;
    const { promise, ...settle } = Promise.withResolvers<void>();
    this.done = promise;
    // Who waits hears of it; where nobody waits any more, nothing is left to be said.
    promise.catch(() => {});
    this.#settle = settle;
  }

  get hasMore(): boolean {
    return this.#given < this.#sources.length;
  }

  next(): { readonly from: number; readonly sources: readonly Source[] } {
    const from = this.#given;
    this.#given = Math.min(this.#sources.length, from + batchSize);
    this.#out += 1;
    return { from, sources: this.#sources.slice(from, this.#given) };
  }

  /** The first source that has not come back. */
  get missing(): { readonly at: number; readonly source: Source } | null {
    const source = this.#sources[this.#taken];
    return source === undefined ? null : { at: this.#taken, source };
  }

  deliver(from: number, results: readonly ParsedSource[]): void {
    if (this.#failed) return;
    for (const [i, result] of results.entries()) this.#waiting.set(from + i, result);
    for (;;) {
      const parsed = this.#waiting.get(this.#taken);
      if (parsed === undefined) return;
      this.#waiting.delete(this.#taken);
      this.#take(this.#sources[this.#taken] as Source, parsed);
      this.#taken += 1;
      if (this.#taken % batchSize === 0) this.#onProgress?.(this.#taken / this.#sources.length);
    }
  }

  /** A thread's answer: what goes wrong with it is told to who waits for the release. */
  answer(from: number, results: readonly ParsedSource[]): void {
    try {
      this.deliver(from, results);
    } catch (error) {
      this.fail(error);
    }
    this.lose();
  }

  /** One batch less is out. */
  lose(): void {
    this.#out -= 1;
    if (this.#out === 0 && !this.hasMore) this.#settle.resolve();
  }

  /** Nothing more is given out. */
  giveUp(): void {
    this.#given = this.#sources.length;
    if (this.#out === 0) this.#settle.resolve();
  }

  fail(error: unknown): void {
    this.#failed = true;
    this.#given = this.#sources.length;
    this.#waiting.clear();
    this.#settle.reject(error);
  }
}
