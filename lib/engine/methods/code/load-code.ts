import { parseParallel } from "../../io/grammars/parse-parallel";
import type { ReleaseReader } from "../../io/source/release";
import { buildIndex, type CodeIndex, type IndexedFile } from "./code-index";
import { languageOf } from "./languages";
import { readSources, type Skipped } from "./read-sources";
import { type CodeUnit, TextTable } from "./tokens";

/** A comment or docstring: text, file and line. */
export interface Remark {
  readonly text: string;
  readonly file: number;
  readonly line: number;
}

export interface ReleaseCode {
  readonly index: CodeIndex;
  readonly remarks: readonly Remark[];
  readonly skipped: readonly Skipped[];
  readonly syntaxErrors: number;
  readonly bytes: number;
}

/** More tokens than this in one release are not indexed; the files beyond are listed as skipped. */
const maxTokens = 6_000_000;

/** Reads, parses and indexes the source code of one release. */
export async function loadCode(
  reader: ReleaseReader,
  signal?: AbortSignal,
  onProgress?: (part: number) => void,
): Promise<ReleaseCode> {
  const { sources, skipped } = await readSources(reader, signal);
  const parsed = await parseParallel(sources, onProgress, signal);
  const texts = new TextTable();
  const files: IndexedFile[] = [];
  const remarks: Remark[] = [];
  const omitted: Skipped[] = [...skipped];
  let tokens = 0;
  let syntaxErrors = 0;
  let bytes = 0;
  for (const [at, { path, grammar, text }] of sources.entries()) {
    const { file, texts: own } = parsed[at] as (typeof parsed)[number];
    if (typeof file === "string") {
      omitted.push({ path, reason: file });
      continue;
    }
    const size = file.units.reduce((sum, unit) => sum + unit.symbols.length, 0);
    if (tokens + size > maxTokens) {
      omitted.push({ path, reason: "beyond-budget" });
      continue;
    }
    tokens += size;
    bytes += text.length;
    if (file.syntaxErrors) syntaxErrors += 1;
    for (const remark of file.remarks) remarks.push({ ...remark, file: files.length });
    renumber(
      file.units,
      own.map((given) => texts.number(given)),
    );
    files.push({
      path,
      language: languageOf(grammar),
      parsed: file,
    });
  }
  return { index: buildIndex(files, texts.texts), remarks, skipped: omitted, syntaxErrors, bytes };
}

/** From the file's own numbers of its texts to those of the release. */
function renumber(units: readonly CodeUnit[], numbers: readonly number[]): void {
  for (const { texts } of units) {
    for (let at = 0; at < texts.length; at++) texts[at] = numbers[texts[at] as number] ?? 0;
  }
}
