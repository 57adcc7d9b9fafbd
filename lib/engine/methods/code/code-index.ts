import { Column, giveBack } from "./column";
import { gramsOf } from "./grams";
import type { Language } from "./languages";
import type { CodeUnit, ParsedFile } from "./tokens";

export interface IndexedUnit {
  /** Position of its file in `files`. */
  readonly file: number;
  readonly language: Language;
  readonly name: string | null;
  readonly startLine: number;
  readonly endLine: number;
  /** Tokens [from, to) of the release. */
  readonly from: number;
  readonly to: number;
}

/** All tokens of one release in a row, unit after unit, and every run of `gramLength` symbols by its hash. */
export interface CodeIndex {
  readonly files: readonly string[];
  readonly units: readonly IndexedUnit[];
  /** Texts by number; 0 is none. */
  readonly texts: readonly string[];
  readonly symbols: Uint32Array;
  readonly kinds: Uint8Array;
  readonly textOf: Uint32Array;
  readonly lines: Uint32Array;
  readonly starts: Uint32Array;
  /** Code units of each token with a text, at most 65,535. */
  readonly lengths: Uint16Array;
  /** Unit of each token. */
  readonly unitOf: Uint32Array;
  /** Starts of runs, sorted by hash, then by position. */
  readonly order: Uint32Array;
  /** Hash of the run that starts at each of `order`. */
  readonly hashes: Uint32Array;
}

/**
 * Builds the index of one release file by file, so that no more than one copy of its tokens is kept: those of the file
 * are gone once added. `numbers` are the release's numbers of the file's own texts.
 */
export class IndexBuilder {
  readonly #files: string[] = [];
  readonly #units: IndexedUnit[] = [];
  readonly #symbols = new Column(Uint32Array);
  readonly #kinds = new Column(Uint8Array);
  readonly #texts = new Column(Uint32Array);
  readonly #lines = new Column(Uint32Array);
  readonly #starts = new Column(Uint32Array);
  readonly #lengths = new Column(Uint16Array);
  #tokens = 0;

  get files(): number {
    return this.#files.length;
  }

  add(path: string, language: Language, { units, run }: ParsedFile, numbers: readonly number[]): void {
    const { symbols, kinds, texts, lines, starts, ends } = run;
    for (let at = 0; at < symbols.length; at++) {
      texts[at] = numbers[texts[at] as number] ?? 0;
      ends[at] = Math.min(0xffff, (ends[at] as number) - (starts[at] as number));
    }
    this.#symbols.add(symbols);
    this.#kinds.add(kinds);
    this.#texts.add(texts);
    this.#lines.add(lines);
    this.#starts.add(starts);
    this.#lengths.add(ends);
    giveBack(symbols, kinds);
    for (const unit of units) {
      if (unit.tokens === 0) continue;
      this.#units.push(placed(unit, this.#files.length, language, this.#tokens));
      this.#tokens += unit.tokens;
    }
    this.#files.push(path);
  }

  /** The index; the builder is empty afterwards. `texts` are those of the release by number. */
  finish(texts: readonly string[]): CodeIndex {
    const units = this.#units;
    const symbols = this.#symbols.whole();
    const unitOf = new Uint32Array(symbols.length);
    for (const [unit, { from, to }] of units.entries()) unitOf.fill(unit, from, to);
    const columns = {
      kinds: this.#kinds.whole(),
      textOf: this.#texts.whole(),
      lines: this.#lines.whole(),
      starts: this.#starts.whole(),
      lengths: this.#lengths.whole(),
    };
    return { files: this.#files, units, texts, symbols, ...columns, unitOf, ...gramsOf(symbols, units) };
  }
}

function placed(unit: CodeUnit, file: number, language: Language, from: number): IndexedUnit {
  return {
    file,
    language,
    name: unit.name,
    startLine: unit.start,
    endLine: unit.end,
    from,
    to: from + unit.tokens,
  };
}
