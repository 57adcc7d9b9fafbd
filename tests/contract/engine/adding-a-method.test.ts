import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { builtInMethods, compare, type Method, registryOf, resultDigest } from "@/lib/engine";
import { memoryRelease } from "@/tests/support/memory-release";

const root = process.cwd();
// Inside node_modules, so that packages resolve from the bundled example and no watcher or linter looks.
const folder = mkdtempSync(join(root, "node_modules", ".slipmark-example-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The code block of docs/adding-a-method.md, built as the file that its first line names. */
async function exampleMethod(): Promise<Method> {
  const page = readFileSync(join(root, "docs/adding-a-method.md"), "utf8");
  const contents = /```ts\n(\/\/ lib\/engine\/methods\/file-names\/index\.ts\n[\s\S]*?)```/.exec(page)?.[1];
  if (contents === undefined) throw new Error("docs/adding-a-method.md has no example");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, "lib/engine/methods/identity"), loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
  });
  const file = join(folder, "example.mjs");
  writeFileSync(file, outputFiles[0]?.text ?? "");
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)).fileNames;
}

describe("the example of docs/adding-a-method.md", () => {
  it("runs through compare's registry, next to the built-in methods", async () => {
    const method = await exampleMethod();
    const registry = registryOf([...builtInMethods.values(), method]);
    const original = memoryRelease([
      { path: "a/config.json", content: "{}" },
      { path: "x.py", content: "1" },
    ]);
    const suspect = memoryRelease([{ path: "config.json", content: "[]" }]);
    const run = (sides: { original: typeof original; suspect: typeof suspect }) =>
      compare(
        { ...sides, ancestors: [], controls: [] },
        { methods: ["file-names"], nonce: "", screened: 1, level: 1 },
        { registry },
      );
    const { result } = await run({ original, suspect });
    expect(result.methods).toMatchObject([
      {
        method: "file-names",
        says: "names-shared",
        statistics: { original: 2, suspect: 1, shared: ["config.json"], jaccard: 0.5 },
      },
    ]);
    expect(result.methods[0]?.explanation.en).toMatch(/^1 file names occur on both sides: config\.json\./);
    expect(result.methods[0]?.explanation.zh).toContain("config.json");
    expect(resultDigest(result)).toBe(result.digest);
    const swapped = (await run({ original: suspect, suspect: original })).result;
    expect(swapped.methods[0]?.says).toBe("names-shared");
  });
});
