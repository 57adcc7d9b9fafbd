import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryRelease } from "../../tests/support/memory-release";
import { type SeededTensor, seededTensor, tensorFile } from "../../tests/support/tensor-files";
import { compare, resultDocumentSchema } from ".";
import type { CompareHooks } from "./compare";
import { openCapsule } from "./io/capsule/open-capsule";
import { writeCapsule } from "./io/capsule/write-capsule";
import { folderLeafStore } from "./io/leaf-store";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipmark-full-read-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const tensors = [
  seededTensor("model.embed_tokens.weight", "BF16", [600, 1024], 1),
  seededTensor("model.layers.0.mlp.up_proj.weight", "F32", [300, 1024], 2),
];
const release = (digit: string, ...own: SeededTensor[]) =>
  memoryRelease(
    [
      { path: "model.safetensors", content: tensorFile([...tensors, ...own]) },
      { path: "config.json", content: { model_type: "llama", hidden_size: 1024, run: digit } },
    ],
    { commit: digit.repeat(40) },
  );
const run = (hooks: CompareHooks = {}) =>
  compare(
    {
      original: release("a"),
      suspect: release("b", seededTensor("added.weight", "F32", [64, 64], 9)),
      ancestors: [release("c")],
      controls: [],
    },
    { methods: ["identity", "weights/full"], nonce: "", screened: 1, level: 3 },
    { threads: 0, ...hooks },
  );

test("a full read is recorded as one root a file, and its bytes are not kept", async () => {
  const { result, ranges } = await run();
  expect(resultDocumentSchema.parse(result)).toEqual(result);
  const size = tensorFile(tensors).length;
  expect(result.fullReads?.map(({ role, path, bytes }) => [role, path, bytes])).toEqual([
    ["ancestor", "model.safetensors", size],
    ["original", "model.safetensors", size],
    ["suspect", "model.safetensors", expect.any(Number)],
  ]);
  expect(result.fullReads?.[0]?.root).toBe(result.fullReads?.[1]?.root);
  expect(result.bytesRead.original).toBeGreaterThanOrEqual(size);
  expect(ranges.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThan(10_000);
});

test("threads change nothing, and a run that was stopped goes on to the same digest", {
  timeout: 60_000,
}, async () => {
  const { result } = await run();
  expect((await run({ threads: 2 })).result.digest).toBe(result.digest);
  const stop = new AbortController();
  const leafStore = folderLeafStore(folder);
  const stopped = run({
    leafStore,
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done > 0.3) stop.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  expect((await readdir(folder)).length).toBeGreaterThan(0);
  expect((await run({ leafStore })).result.digest).toBe(result.digest);
  expect((await run({ leafStore, threads: 2 })).result.digest).toBe(result.digest);
});

test("its capsule says that files were read whole", async () => {
  const comparison = await run();
  const path = join(folder, "capsule.tar");
  await writeCapsule(path, { ...comparison, parameters: comparison.result.parameters });
  expect((await openCapsule(path)).readWhole).toBe(3);
});
