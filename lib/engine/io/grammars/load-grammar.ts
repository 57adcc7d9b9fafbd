import type { Language, Parser } from "web-tree-sitter";
import { type Grammar, grammarBytes } from "./grammar-bytes";

export type { Grammar } from "./grammar-bytes";

const parsers = new Map<Grammar, Promise<Parser>>();
let runtime: Promise<typeof import("web-tree-sitter")> | null = null;

/** A parser for one language; the runtime and each grammar are loaded once a process, and only when needed. */
export function loadParser(grammar: Grammar): Promise<Parser> {
  const known = parsers.get(grammar);
  if (known !== undefined) return known;
  const parser = makeParser(grammar);
  parsers.set(grammar, parser);
  return parser;
}

async function makeParser(grammar: Grammar): Promise<Parser> {
  runtime ??= startRuntime();
  const sitter = await runtime;
  const language: Language = await sitter.Language.load(await grammarBytes(grammar));
  return new sitter.Parser().setLanguage(language);
}

async function startRuntime(): Promise<typeof import("web-tree-sitter")> {
  const sitter = await import("web-tree-sitter");
  const wasmBinary = await grammarBytes("runtime");
  await sitter.Parser.init({ wasmBinary: wasmBinary.buffer });
  return sitter;
}
