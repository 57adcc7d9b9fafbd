import { gramsOf, sortedByHash } from "./grams";
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
  readonly ends: Uint32Array;
  /** Unit of each token. */
  readonly unitOf: Uint32Array;
  /** Hash of the run that starts at each token; meaningless where `startsGram` is 0. */
  readonly hashes: Uint32Array;
  readonly startsGram: Uint8Array;
  /** Starts of runs, sorted by hash, then by position. */
  readonly order: Uint32Array;
}

export interface IndexedFile {
  readonly path: string;
  readonly language: Language;
  readonly parsed: ParsedFile;
}

/** Builds the index; `texts` are numbered alike in all files of the release. */
export function buildIndex(files: readonly IndexedFile[], texts: readonly string[]): CodeIndex {
  let total = 0;
  for (const { parsed } of files) for (const unit of parsed.units) total += unit.symbols.length;
  const symbols = new Uint32Array(total);
  const kinds = new Uint8Array(total);
  const textOf = new Uint32Array(total);
  const lines = new Uint32Array(total);
  const starts = new Uint32Array(total);
  const ends = new Uint32Array(total);
  const unitOf = new Uint32Array(total);
  const units: IndexedUnit[] = [];
  let at = 0;
  for (const [file, { language, parsed }] of files.entries()) {
    for (const unit of parsed.units) {
      if (unit.symbols.length === 0) continue;
      symbols.set(unit.symbols, at);
      kinds.set(unit.kinds, at);
      textOf.set(unit.texts, at);
      lines.set(unit.lines, at);
      starts.set(unit.starts, at);
      ends.set(unit.ends, at);
      unitOf.fill(units.length, at, at + unit.symbols.length);
      units.push(placed(unit, file, language, at));
      at += unit.symbols.length;
    }
  }
  const { hashes, startsGram } = gramsOf(symbols, units);
  return {
    files: files.map(({ path }) => path),
    units,
    texts,
    symbols,
    kinds,
    textOf,
    lines,
    starts,
    ends,
    unitOf,
    hashes,
    startsGram,
    order: sortedByHash(hashes, startsGram),
  };
}

function placed(unit: CodeUnit, file: number, language: Language, from: number): IndexedUnit {
  return {
    file,
    language,
    name: unit.name,
    startLine: unit.start,
    endLine: unit.end,
    from,
    to: from + unit.symbols.length,
  };
}
