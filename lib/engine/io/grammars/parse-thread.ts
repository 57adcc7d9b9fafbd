/** What runs in a parsing thread: sources in, their tokens out, without copying. */
import { parentPort, workerData } from "node:worker_threads";
import { parseSources } from "../../methods/code/parse-sources";
import type { ThreadBatch } from "./parse-worker";

/** One batch after another: the answers come in the order of the questions. */
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", (batch: ThreadBatch) => {
  last = last.then(() => answer(batch));
});

async function answer({ sources, grammars }: ThreadBatch): Promise<void> {
  Object.assign(workerData.grammars, grammars);
  const parsed = await parseSources(sources);
  const buffers = new Set<ArrayBuffer>();
  for (const { file } of parsed) {
    if (typeof file === "string") continue;
    buffers.add(file.run.symbols.buffer as ArrayBuffer);
    buffers.add(file.run.kinds.buffer as ArrayBuffer);
  }
  parentPort?.postMessage(parsed, [...buffers]);
}
