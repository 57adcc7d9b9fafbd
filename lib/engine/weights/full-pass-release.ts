import type { ReleaseReader } from "../io/source/release";
import { openKernelPool } from "../io/threads/kernel-pool";
import { runFullPass } from "./full-pass";
import { passedFiles } from "./full-pass-files";
import { planPass } from "./full-pass-plan";
import type { LeafStore } from "./full-pass-store";
import type { TensorPass } from "./full-pass-tensor";
import { openForPass } from "./full-pass-trace";

export interface ReleasePassOptions {
  readonly store?: LeafStore;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Part of the bytes, 0 … 1. */
  readonly onProgress?: (part: number) => void;
  /** Each tensor once, in the order of their names. */
  onTensor(tensor: TensorPass): void;
}

/**
 * Reads every byte of one release's weight files once. Throws what the reader throws, "malformed-file" for files that
 * lie, "cancelled". A release without weights gives no tensor.
 */
export async function passOverRelease(reader: ReleaseReader, options: ReleasePassOptions) {
  const { store, threads, signal, onProgress } = options;
  const plan = await planPass(await openForPass(reader, signal));
  const pool = await openKernelPool({ maxSources: 1, ...(threads === undefined ? {} : { threads }) });
  try {
    await runFullPass({
      sides: [plan],
      groups: [...plan.tensors.keys()].map((name) => ({ members: [{ side: 0, name }], pair: null })),
      pool,
      store,
      signal,
      onProgress,
      onTensor: (_, tensor) => options.onTensor(tensor),
    });
  } finally {
    await pool.close();
  }
  return passedFiles(plan);
}
