import { ParseThreads } from "../../io/grammars/parse-parallel";
import type { ReleaseReader } from "../../io/source/release";
import { type CodeIndex, IndexBuilder } from "./code-index";
import { languageOf } from "./languages";
import { readSources, type Skipped, type Source } from "./read-sources";
import { type ParsedFile, TextTable } from "./tokens";

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

/** How a release is loaded. Who loads several gives the threads that parse them, and closes them. */
export interface Loading {
  readonly signal?: AbortSignal;
  readonly onProgress?: (part: number) => void;
  readonly threads?: ParseThreads;
}

/** More tokens than this in one release are not indexed; the files beyond are listed as skipped. */
const maxTokens = 6_000_000;

/** Reads, parses and indexes the source code of one release. */
export async function loadCode(reader: ReleaseReader, loading: Loading = {}): Promise<ReleaseCode> {
  const builder = new IndexBuilder();
  const texts = new TextTable();
  const remarks: Remark[] = [];
  let syntaxErrors = 0;
  let bytes = 0;
  const skipped = await eachFile(reader, loading, ({ path, grammar, text }, file, own) => {
    bytes += text.length;
    if (file.syntaxErrors) syntaxErrors += 1;
    for (const remark of file.remarks) remarks.push({ ...remark, file: builder.files });
    const numbers = own.map((given) => texts.number(given));
    builder.add(path, languageOf(grammar), file, numbers);
  });
  return { index: builder.finish(texts.texts), remarks, skipped, syntaxErrors, bytes };
}

/** Gives each file that can be used, in order; those left out come back with the reason. `texts` are the file's own by number. */
export async function eachFile(
  reader: ReleaseReader,
  { signal, onProgress, threads: shared }: Loading,
  use: (source: Source, file: ParsedFile, texts: readonly string[]) => void,
): Promise<Skipped[]> {
  const { sources, skipped } = await readSources(reader, signal);
  const omitted: Skipped[] = [...skipped];
  let tokens = 0;
  const threads = shared ?? new ParseThreads();
  try {
    await threads.parse(
      sources,
      (source, { file, texts }) => {
        if (typeof file === "string") {
          omitted.push({ path: source.path, reason: file });
        } else if (tokens + file.run.symbols.length > maxTokens) {
          omitted.push({ path: source.path, reason: "beyond-budget" });
        } else {
          tokens += file.run.symbols.length;
          use(source, file, texts);
        }
      },
      onProgress,
      signal,
    );
  } finally {
    if (shared === undefined) await threads.close();
  }
  return omitted;
}
