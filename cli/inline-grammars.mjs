// The grammars of the code method and its background corpus, carried inside the bundle: compressed, as base64 text.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { brotliCompressSync, constants } from "node:zlib";

const { resolve } = createRequire(import.meta.url);
const grammars = ["python", "javascript", "typescript", "tsx", "java"];

/** Replaces lib/engine/io/grammars/grammar-bytes.ts by a module of the same shape that needs no file beside it. */
export const inlineGrammars = {
  name: "inline-grammars",
  setup(build) {
    build.onLoad({ filter: /[\\/]io[\\/]grammars[\\/]grammar-bytes\.ts$/ }, async () => {
      const files = {
        runtime: resolve("web-tree-sitter/web-tree-sitter.wasm"),
        background: new URL("../lib/engine/methods/code/background.bin", import.meta.url),
      };
      for (const grammar of grammars) {
        files[grammar] = resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`);
      }
      const inlined = {};
      for (const [name, path] of Object.entries(files)) inlined[name] = compressed(await readFile(path));
      const contents = `import { brotliDecompressSync } from "node:zlib";
const inlined = ${JSON.stringify(inlined)};
export async function grammarBytes(name) {
  return new Uint8Array(brotliDecompressSync(Buffer.from(inlined[name], "base64")));
}
export async function backgroundBytes() {
  return grammarBytes("background");
}
`;
      return { contents, loader: "js" };
    });
  },
};

function compressed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).toString("base64");
}
