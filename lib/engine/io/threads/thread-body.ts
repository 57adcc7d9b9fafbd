/** What runs in a kernel thread. Bundled into one script (npm run build:kernels), so that it starts from anywhere. */
import { parentPort, workerData } from "node:worker_threads";
import { createUnitRunner, type UnitTask } from "../../kernels/unit";

/** What a thread is started with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly maxSources: number;
}

export interface ThreadOrder {
  readonly base: number;
  readonly task: UnitTask;
}

const { module, memory, maxSources } = workerData as ThreadData;
const run = createUnitRunner(module, memory);

parentPort?.on("message", ({ base, task }: ThreadOrder) => {
  parentPort?.postMessage(run(base, maxSources, task));
});
