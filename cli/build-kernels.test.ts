import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { generatedKernels } from "./build-kernels";

test("the committed kernels are what their sources give", { timeout: 120_000 }, async () => {
  for (const [path, content] of await generatedKernels()) {
    expect((await readFile(path)).equals(content), path).toBe(true);
  }
});
