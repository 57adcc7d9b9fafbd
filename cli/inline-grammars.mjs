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
    build.onLoad({ filter: /[\\/]io[\\/]grammars[\\/]parse-thread-source\.ts$/ }, async () => {
      const script = await parseThread(build);
      const contents = `import { brotliDecompressSync } from "node:zlib";
const script = ${JSON.stringify(compressed(script))};
export function parseThreadSource() {
  return brotliDecompressSync(Buffer.from(script, "base64")).toString();
}
export const threadReadsGrammars = false;
`;
      return { contents, loader: "js" };
    });
  },
};

/** The parsing thread as one script that gets its grammars from whoever starts it. */
async function parseThread({ esbuild, initialOptions }) {
  const sentGrammars = {
    name: "sent-grammars",
    setup(build) {
      build.onLoad({ filter: /[\\/]io[\\/]grammars[\\/]grammar-bytes\.ts$/ }, () => ({
        contents: `import { workerData } from "node:worker_threads";
export async function grammarBytes(name) {
  return new Uint8Array(workerData.grammars[name]);
}
`,
        loader: "js",
      }));
    },
  };
  const { outputFiles } = await esbuild.build({
    absWorkingDir: initialOptions.absWorkingDir,
    entryPoints: ["lib/engine/io/grammars/parse-thread.ts"],
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    // The runtime asks for its own address when it looks for files; it is given its bytes instead.
    define: { "import.meta.url": JSON.stringify("file:///parse-thread.js") },
    plugins: [sentGrammars],
    logLevel: "warning",
  });
  return Buffer.from(outputFiles[0].contents);
}

function compressed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).toString("base64");
}
