/**
 * npm run build:kernels: compiles lib/engine/kernels/assembly to WebAssembly and bundles the body of a kernel thread,
 * and writes both as text that can be imported: the bundled command line stays one file. What it writes is committed; a
 * test makes it again and compares.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const kernels = join(root, "lib/engine/kernels");

/** Paths of what is generated, with what has to be in them. */
export async function generatedKernels(): Promise<ReadonlyMap<string, Uint8Array>> {
  const wasm = await compiled();
  const text = (name: string, says: string, value: Uint8Array) =>
    Buffer.from(
      `/** ${says}, base64. Made by npm run build:kernels. */\nexport const ${name} =\n  "${Buffer.from(value).toString("base64")}";\n`,
    );
  return new Map([
    [join(kernels, "kernels.wasm"), wasm],
    [join(kernels, "wasm-bytes.generated.ts"), text("kernelsWasm", "kernels.wasm", wasm)],
    [
      join(root, "lib/engine/io/threads/thread-body.generated.ts"),
      text("threadBody", "thread-body.ts and what it imports as one script", await bundled()),
    ],
  ]);
}

async function compiled(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "slipmark-kernels-"));
  try {
    const outFile = join(folder, "kernels.wasm");
    const { error, stderr } = await asc.main([
      join(kernels, "assembly/index.ts"),
      ...["--baseDir", kernels, "--outFile", outFile, "--runtime", "stub", "--noAssert", "-O3", "--converge"],
      // Threads share one memory, which whoever instantiates brings along.
      ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "16384"],
      ...["--enable", "simd", "--enable", "threads", "--disableWarning", "112"],
    ]);
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    return await readFile(outFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundled(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["lib/engine/io/threads/thread-body.ts"],
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [path, content] of await generatedKernels()) await writeFile(path, content);
}
