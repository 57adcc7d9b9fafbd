import type { CodeUnit, TokenRun } from "./tokens";

/** A unit while its tokens come in. */
export interface OpenUnit {
  /** In the order in which units begin. */
  readonly number: number;
  readonly name: string | null;
  readonly start: number;
}

/** A unit whose tokens are complete, and its last line. */
export interface ClosedUnit {
  readonly unit: OpenUnit;
  readonly end: number;
}

/** Tokens of one file in the order of the walk, each with its unit; used again for the next file. */
export class TokenColumns {
  count = 0;
  #symbols = new Uint32Array(16_384);
  #kinds = new Uint8Array(16_384);
  #texts = new Uint32Array(16_384);
  #lines = new Uint32Array(16_384);
  #starts = new Uint32Array(16_384);
  #ends = new Uint32Array(16_384);
  #units = new Uint32Array(16_384);

  add(
    unit: OpenUnit,
    symbol: number,
    tokenKind: number,
    text: number,
    line: number,
    start: number,
    end: number,
  ): void {
    const at = this.count++;
    if (at === this.#symbols.length) this.#grow();
    this.#symbols[at] = symbol;
    this.#kinds[at] = tokenKind;
    this.#texts[at] = text;
    this.#lines[at] = line;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#units[at] = unit.number;
  }

  /**
   * The tokens unit after unit, in the order in which units are given, in two blocks of memory: cheap to keep, and to
   * hand from thread to thread.
   */
  packed(closed: readonly ClosedUnit[]): { readonly units: CodeUnit[]; readonly run: TokenRun } {
    const next = new Uint32Array(closed.length);
    for (let at = 0; at < this.count; at++) next[this.#units[at] as number]! += 1;
    let from = 0;
    const units = closed.map(({ unit: { number, name, start }, end }): CodeUnit => {
      const tokens = next[number] as number;
      next[number] = from;
      from += tokens;
      return { name, start, end, tokens };
    });
    const wide = new Uint32Array(this.count * 5);
    const column = (at: number) => wide.subarray(at * this.count, (at + 1) * this.count);
    const run = {
      symbols: column(0),
      kinds: new Uint8Array(this.count),
      texts: column(1),
      lines: column(2),
      starts: column(3),
      ends: column(4),
    };
    for (let at = 0; at < this.count; at++) {
      const to = next[this.#units[at] as number]!++;
      run.symbols[to] = this.#symbols[at] as number;
      run.kinds[to] = this.#kinds[at] as number;
      run.texts[to] = this.#texts[at] as number;
      run.lines[to] = this.#lines[at] as number;
      run.starts[to] = this.#starts[at] as number;
      run.ends[to] = this.#ends[at] as number;
    }
    return { units, run };
  }

  #grow(): void {
    const wide = (values: Uint32Array<ArrayBuffer>) =>
      new Uint32Array(values.buffer.transfer(values.byteLength * 2));
    this.#symbols = wide(this.#symbols);
    this.#kinds = new Uint8Array(this.#kinds.buffer.transfer(this.#kinds.byteLength * 2));
    this.#texts = wide(this.#texts);
    this.#lines = wide(this.#lines);
    this.#starts = wide(this.#starts);
    this.#ends = wide(this.#ends);
    this.#units = wide(this.#units);
  }
}
