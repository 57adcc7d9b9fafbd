// Compiles AssemblyScript from standard input to WebAssembly on standard output. A process of its own, without any
// loader: the compiler is large, and its memory is free again afterwards.
import { readFileSync, writeSync } from "node:fs";
import asc from "assemblyscript/asc";

const source = readFileSync(0, "utf8");
const options = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"];
let binary = null;
const { error, stderr } = await asc.main(["kernels.ts", "--outFile", "kernels.wasm", ...options], {
  readFile: (name) => (name === "kernels.ts" ? source : null),
  writeFile: (name, contents) => {
    if (name.endsWith(".wasm")) binary = contents;
  },
  listFiles: () => [],
});
if (error || binary === null) {
  console.error(`the trainer's kernels do not compile: ${stderr.toString()}`);
  process.exit(1);
}
for (let at = 0; at < binary.length; ) at += writeSync(1, binary, at);
