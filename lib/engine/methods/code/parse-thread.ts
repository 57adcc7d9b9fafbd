/** What runs in a parsing thread: sources in, their tokens out, without copying. */
import { parentPort } from "node:worker_threads";
import { parseSources } from "./parse-sources";
import type { Source } from "./read-sources";

parentPort?.on("message", async (sources: readonly Source[]) => {
  const parsed = await parseSources(sources);
  const buffers: ArrayBuffer[] = [];
  for (const { file } of parsed) {
    if (typeof file === "string") continue;
    for (const { symbols, kinds, texts, lines, starts, ends } of file.units) {
      for (const array of [symbols, kinds, texts, lines, starts, ends])
        buffers.push(array.buffer as ArrayBuffer);
    }
  }
  parentPort?.postMessage(parsed, buffers);
});
