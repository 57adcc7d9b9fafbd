import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Numbers = (...values: number[]) => number;

/** The exports of kernels.asc, and a bump allocator over their memory. */
export interface Kernels {
  readonly call: Readonly<Record<KernelName, Numbers>>;
  /** Byte offset of `count` zeroed floats, aligned to 64 bytes. */
  floats(count: number): number;
  /** A view of `count` floats at a byte offset; taken anew after every allocation. */
  view(at: number, count: number): Float32Array;
  ids(at: number, count: number): Int32Array;
  /** Everything allocated so far may be used again. */
  reset(): void;
}

const names = [
  "gemm",
  "fill",
  "addTo",
  "embed",
  "embedBack",
  "norm",
  "normBack",
  "ropeTables",
  "rope",
  "attention",
  "attentionBack",
  "swiglu",
  "swigluBack",
  "softmaxRows",
  "crossEntropy",
  "distillation",
  "squaredError",
  "relu",
  "reluBack",
  "scale",
  "sumOfSquares",
  "adam",
] as const;
export type KernelName = (typeof names)[number];

let compiled: WebAssembly.Module | null = null;

/** A fresh instance of the trainer's kernels. Compiled once per process, in memory. */
export async function loadKernels(): Promise<Kernels> {
  compiled ??= compile();
  const instance = await WebAssembly.instantiate(compiled, {});
  const memory = instance.exports.memory as WebAssembly.Memory;
  const base = align((instance.exports.heapBase as () => number)());
  let top = base;
  const call = Object.fromEntries(names.map((name) => [name, instance.exports[name] as Numbers]));
  return {
    call: call as Record<KernelName, Numbers>,
    floats(count) {
      const at = top;
      top = align(top + 4 * count);
      const missing = top - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / 65536));
      new Uint8Array(memory.buffer, at, 4 * count).fill(0);
      return at;
    },
    view: (at, count) => new Float32Array(memory.buffer, at, count),
    ids: (at, count) => new Int32Array(memory.buffer, at, count),
    reset() {
      top = base;
    },
  };
}

function align(at: number): number {
  return Math.ceil(at / 64) * 64;
}

function compile(): WebAssembly.Module {
  const binary = execFileSync(process.execPath, [fileURLToPath(new URL("compile.mjs", import.meta.url))], {
    input: readFileSync(new URL("kernels.asc", import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["pipe", "pipe", "inherit"],
    maxBuffer: 1 << 24,
  });
  return new WebAssembly.Module(new Uint8Array(binary));
}
