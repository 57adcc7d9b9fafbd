import type { Language, Parser } from "web-tree-sitter";
import { type Grammar, grammarBytes } from "./grammar-bytes";
import { TreeSteps } from "./tree-steps";

export type { Grammar } from "./grammar-bytes";

interface Runtime {
  readonly sitter: typeof import("web-tree-sitter");
  readonly steps: TreeSteps;
}

const parsers = new Map<Grammar, Promise<Parser>>();
let runtime: Promise<Runtime> | null = null;

/** A parser for one language; the runtime and each grammar are loaded once a process, and only when needed. */
export function loadParser(grammar: Grammar): Promise<Parser> {
  const known = parsers.get(grammar);
  if (known !== undefined) return known;
  const parser = makeParser(grammar);
  parsers.set(grammar, parser);
  return parser;
}

/** What walks through the trees of all parsers. */
export async function loadSteps(): Promise<TreeSteps> {
  return (await loadRuntime()).steps;
}

function loadRuntime(): Promise<Runtime> {
  runtime ??= startRuntime();
  return runtime;
}

async function makeParser(grammar: Grammar): Promise<Parser> {
  const { sitter } = await loadRuntime();
  const language: Language = await sitter.Language.load(await grammarBytes(grammar));
  return new sitter.Parser().setLanguage(language);
}

async function startRuntime(): Promise<Runtime> {
  const sitter = await import("web-tree-sitter");
  const module = await WebAssembly.compile(await grammarBytes("runtime"));
  let exports: WebAssembly.Exports = {};
  await sitter.Parser.init({
    // Emscripten's hook: who instantiates the module has its exports too.
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) {
      const instance = new WebAssembly.Instance(module, imports);
      exports = instance.exports;
      done(instance, module);
    },
  });
  return { sitter, steps: new TreeSteps(exports) };
}
