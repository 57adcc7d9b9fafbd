import { loadParser } from "../../io/grammars/load-grammar";
import { languageOf } from "./languages";
import type { Source } from "./read-sources";
import {
  classify,
  type NodeClasses,
  type ParsedFile,
  type ParseProblem,
  parseSource,
  TextTable,
} from "./tokens";

/** One parsed file; `texts` numbers its own identifiers, literals and operators. */
export interface ParsedSource {
  readonly file: ParsedFile | ParseProblem;
  readonly texts: readonly string[];
}

const classesOf = new Map<string, NodeClasses>();

/** Parses sources one after another, in this thread. */
export async function parseSources(
  sources: readonly Source[],
  onParsed?: () => void,
  signal?: AbortSignal,
): Promise<ParsedSource[]> {
  const parsed: ParsedSource[] = [];
  for (const { grammar, text } of sources) {
    if (parsed.length % 64 === 0) {
      signal?.throwIfAborted();
      await new Promise(setImmediate);
    }
    const parser = await loadParser(grammar);
    const language = languageOf(grammar);
    let classes = classesOf.get(grammar);
    if (classes === undefined) {
      const types = parser.language;
      classes = classify(language, types?.types ?? [], (id) => types?.nodeTypeIsNamed(id) ?? false);
      classesOf.set(grammar, classes);
    }
    const table = new TextTable();
    parsed.push({ file: parseSource(parser, classes, text, table), texts: table.texts });
    onParsed?.();
  }
  return parsed;
}
