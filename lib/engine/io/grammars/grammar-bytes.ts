import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** Languages that the engine parses, by the name of their grammar. */
export type Grammar = "python" | "javascript" | "typescript" | "tsx" | "java";

/**
 * The WebAssembly of a grammar, or of the tree-sitter runtime itself, as its package ships it. The bundle has no
 * packages beside it: cli/build.mjs replaces this file by one of the same shape that carries the bytes compressed.
 */
export async function grammarBytes(grammar: Grammar | "runtime"): Promise<Uint8Array<ArrayBuffer>> {
  const { resolve } = createRequire(import.meta.url);
  const path =
    grammar === "runtime"
      ? resolve("web-tree-sitter/web-tree-sitter.wasm")
      : resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`);
  return new Uint8Array(await readFile(path));
}
