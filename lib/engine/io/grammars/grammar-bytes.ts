import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** Languages that the engine parses, by the name of their grammar. */
export type Grammar = "python" | "javascript" | "typescript" | "tsx" | "java";

/**
 * The WebAssembly of a grammar, or of the tree-sitter runtime itself, as its package ships it. The bundle has no
 * packages beside it: cli/inline-grammars.mjs replaces this module by one of the same shape that carries the bytes.
 */
export async function grammarBytes(grammar: Grammar | "runtime"): Promise<Uint8Array<ArrayBuffer>> {
  const { resolve } = createRequire(import.meta.url);
  const path =
    grammar === "runtime"
      ? resolve("web-tree-sitter/web-tree-sitter.wasm")
      : resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`);
  return new Uint8Array(await readFile(path));
}

/** The background corpus of the code method (methods/code/background.ts). */
export async function backgroundBytes(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL("../../methods/code/background.bin", import.meta.url)));
}
