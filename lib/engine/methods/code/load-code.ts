import { ParseThreads } from "../../io/grammars/parse-parallel";
import type { ReleaseReader } from "../../io/source/release";
import { type CodeIndex, IndexBuilder } from "./code-index";
import { languageOf } from "./languages";
import type { ParsedSource } from "./parse-sources";
import { readSources, type Skipped, type Source } from "./read-sources";
import { TextTable } from "./tokens";

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

/**
 * Reads, parses and indexes the source code of one release. Who loads several gives the threads that parse them, and
 * closes them; else they end before the index is put together.
 */
export async function loadCode(
  reader: ReleaseReader,
  signal?: AbortSignal,
  onProgress?: (part: number) => void,
  shared?: ParseThreads,
): Promise<ReleaseCode> {
  const { sources, skipped } = await readSources(reader, signal);
  const builder = new IndexBuilder();
  const texts = new TextTable();
  const remarks: Remark[] = [];
  const omitted: Skipped[] = [...skipped];
  let syntaxErrors = 0;
  let bytes = 0;
  const take = ({ path, grammar, text }: Source, { file, texts: own }: ParsedSource) => {
    if (typeof file === "string") {
      omitted.push({ path, reason: file });
      return;
    }
    if (builder.tokens + file.run.symbols.length > maxTokens) {
      omitted.push({ path, reason: "beyond-budget" });
      return;
    }
    bytes += text.length;
    if (file.syntaxErrors) syntaxErrors += 1;
    for (const remark of file.remarks) remarks.push({ ...remark, file: builder.files });
    const numbers = own.map((given) => texts.number(given));
    builder.add(path, languageOf(grammar), file, numbers);
  };
  const threads = shared ?? new ParseThreads();
  try {
    await threads.parse(sources, take, onProgress, signal);
  } finally {
    if (shared === undefined) await threads.close();
  }
  return { index: builder.finish(texts.texts), remarks, skipped: omitted, syntaxErrors, bytes };
}
