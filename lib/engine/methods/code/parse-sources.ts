import { type Grammar, loadParser, loadSteps } from "../../io/grammars/load-grammar";
import { languageOf } from "./languages";
import { classify } from "./node-classes";
import { parseSource, type Reading } from "./parse-source";
import type { Source } from "./read-sources";
import { type ParsedFile, type ParseProblem, TextTable } from "./tokens";

/** One parsed file; `texts` numbers its own identifiers, literals and operators. */
export interface ParsedSource {
  readonly file: ParsedFile | ParseProblem;
  readonly texts: readonly string[];
}

const readings = new Map<Grammar, Reading>();

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
    const reading = readings.get(grammar) ?? (await loadReading(grammar));
    const table = new TextTable();
    parsed.push({ file: parseSource(reading, text, table), texts: table.texts });
    onParsed?.();
  }
  return parsed;
}

async function loadReading(grammar: Grammar): Promise<Reading> {
  const parser = await loadParser(grammar);
  const types = parser.language;
  const reading = {
    parser,
    steps: await loadSteps(),
    classes: classify(languageOf(grammar), types?.types ?? [], (id) => types?.nodeTypeIsNamed(id) ?? false),
    nameField: types?.fieldIdForName("name") ?? null,
  };
  readings.set(grammar, reading);
  return reading;
}
