type Numbers = Uint8Array | Uint16Array | Uint32Array;

const chunk = 65_536;

/** One column of an index while it grows: filled in chunks, made whole once, and never twice in memory for long. */
export class Column<T extends Numbers> {
  #chunks: T[] = [];
  #used = chunk;
  readonly #make: new (
    length: number,
  ) => T;

  constructor(make: new (length: number) => T) {
    this.#make = make;
  }

  add(values: Numbers): void {
    for (let from = 0; from < values.length; ) {
      if (this.#used === chunk) {
        this.#chunks.push(new this.#make(chunk));
        this.#used = 0;
      }
      const part = values.subarray(from, from + chunk - this.#used);
      (this.#chunks.at(-1) as T).set(part, this.#used);
      this.#used += part.length;
      from += part.length;
    }
  }

  /** All values in one block; the column is empty afterwards. */
  whole(): T {
    const last = this.#chunks.length - 1;
    const whole = new this.#make(Math.max(0, last * chunk + this.#used));
    for (const [at, part] of this.#chunks.entries()) {
      whole.set(at < last ? part : part.subarray(0, this.#used), at * chunk);
      giveBack(part);
    }
    this.#chunks = [];
    this.#used = chunk;
    return whole;
  }
}

/** Frees the memory behind arrays now, not when the collector comes by; nobody may read them afterwards. */
export function giveBack(...arrays: readonly (Numbers | Float64Array)[]): void {
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
