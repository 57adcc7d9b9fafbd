type Address = number;

/** The exports of kernels.wasm (assembly/*.ts say what each does). Addresses are bytes in the instance's memory. */
export interface KernelExports {
  pairF32(a: Address, b: Address, n: number, out: Address): void;
  pairBf16(a: Address, b: Address, n: number, out: Address): void;
  dotF32(a: Address, b: Address, n: number): number;
  subtractF32(a: Address, b: Address, n: number, out: Address): void;
  readF32(a: Address, b: Address, n: number): number;
  powersF32(src: Address, n: number, into: Address): void;
  decodeBf16(src: Address, dst: Address, n: number): void;
  decodeF16(src: Address, dst: Address, n: number): void;
  multiplyRows(a: Address, b: Address, m: number, n: number, k: number, out: Address, stride: number): void;
  addSketch(
    src: Address,
    n: number,
    row: number,
    column: bigint,
    cols: bigint,
    keyLow: number,
    keyHigh: number,
    sums: Address,
  ): void;
  foldSketch(sums: Address): void;
  tensorChunk(
    src: Address,
    kind: number,
    n: number,
    row: number,
    column: number,
    columns: number,
    keyLow: number,
    keyHigh: number,
    scratch: Address,
    moments: Address,
    squares: Address,
    sums: Address,
  ): void;
}

const pageBytes = 65_536;

/** Memory that several instances, in one thread or several, may share. Its size is fixed. */
export function kernelMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as KernelExports;
}
