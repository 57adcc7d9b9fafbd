/** What runs in a parsing thread: sources in, their tokens out, without copying. */
import { parentPort } from "node:worker_threads";
import { parseSources } from "../../methods/code/parse-sources";
import type { Source } from "../../methods/code/read-sources";

parentPort?.on("message", async (sources: readonly Source[]) => {
  const parsed = await parseSources(sources);
  const buffers = new Set<ArrayBuffer>();
  for (const { file } of parsed) {
    if (typeof file === "string") continue;
    buffers.add(file.run.symbols.buffer as ArrayBuffer);
    buffers.add(file.run.kinds.buffer as ArrayBuffer);
  }
  parentPort?.postMessage(parsed, [...buffers]);
});
