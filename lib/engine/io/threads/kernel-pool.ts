import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { kernelMemory } from "../../kernels/instance";
import { kernelModule } from "../../kernels/module";
import { createUnitRunner, deskBytes, sourceBytes, type UnitResult, type UnitTask } from "../../kernels/unit";
import type { ThreadData, ThreadOrder } from "./thread-body";
import { threadBody } from "./thread-body.generated";

/** A place in the shared memory for one unit. */
export interface Desk {
  /** Where source number `index` goes: two leaves. */
  source(index: number): Uint8Array;
  /** Hashes and sums what was put there, and gives the place back. */
  run(task: UnitTask): Promise<UnitResult>;
  /** Gives it back unused. */
  leave(): void;
}

export interface KernelPool {
  readonly threads: number;
  readonly desks: number;
  /** The next free place; waits for one. */
  desk(): Promise<Desk>;
  close(): Promise<void>;
}

interface Thread {
  run(order: ThreadOrder): Promise<UnitResult>;
  close(): Promise<unknown>;
}

/**
 * Kernel threads over one shared memory. How many there are changes nothing but the time: what a unit gives depends on
 * its bytes alone. With `threads` 0, or where no thread can be started, the work is done on the calling thread.
 */
export async function openKernelPool(options: {
  readonly maxSources: number;
  readonly threads?: number;
}): Promise<KernelPool> {
  const { maxSources } = options;
  const wanted = options.threads ?? Math.min(4, availableParallelism());
  const desks = wanted + 2;
  const size = Math.ceil(deskBytes(maxSources) / 65_536) * 65_536;
  const data = { module: kernelModule(), memory: kernelMemory(desks * size), maxSources };
  const threads = await startThreads(data, wanted);
  const idle = [...threads];
  const waitingForThread: ((thread: Thread) => void)[] = [];
  const freeDesks = Array.from({ length: desks }, (_, index) => index * size);
  const waitingForDesk: ((base: number) => void)[] = [];

  const giveBack = (base: number) => {
    const next = waitingForDesk.shift();
    if (next) next(base);
    else freeDesks.push(base);
  };
  const takeThread = async (): Promise<Thread> =>
    idle.pop() ?? new Promise((resolve) => waitingForThread.push(resolve));
  const returnThread = (thread: Thread) => {
    const next = waitingForThread.shift();
    if (next) next(thread);
    else idle.push(thread);
  };

  return {
    threads: threads.length,
    desks,
    async desk() {
      const base = freeDesks.pop() ?? (await new Promise<number>((resolve) => waitingForDesk.push(resolve)));
      return {
        source: (index) => new Uint8Array(data.memory.buffer, base + index * sourceBytes, sourceBytes),
        async run(task) {
          const thread = await takeThread();
          try {
            return await thread.run({ base, task });
          } finally {
            returnThread(thread);
            giveBack(base);
          }
        },
        leave: () => giveBack(base),
      };
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

async function startThreads(data: ThreadData, wanted: number): Promise<Thread[]> {
  try {
    const threads = Array.from({ length: wanted }, () => startThread(data));
    if (threads.length > 0) return threads;
  } catch {
    // A host that starts no threads: slower, and the same result.
  }
  const run = createUnitRunner(data.module, data.memory);
  return [
    {
      run: async ({ base, task }) => run(base, data.maxSources, task),
      close: async () => {},
    },
  ];
}

function startThread(workerData: ThreadData): Thread {
  const worker = new Worker(Buffer.from(threadBody, "base64").toString("latin1"), {
    eval: true,
    workerData,
    execArgv: [],
    stdin: false,
  });
  // A pool that is forgotten keeps no process alive.
  worker.unref();
  let settle: { resolve(result: UnitResult): void; reject(error: unknown): void } | null = null;
  let failure: unknown = null;
  const fail = (error: unknown) => {
    failure ??= error;
    settle?.reject(error);
    settle = null;
    worker.unref();
  };
  worker.on("message", (result: UnitResult) => {
    settle?.resolve(result);
    settle = null;
    worker.unref();
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("A kernel thread ended")));
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure);
        settle = { resolve, reject };
        worker.ref();
        worker.postMessage(order);
      }),
    close: () => worker.terminate(),
  };
}
