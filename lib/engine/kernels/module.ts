import { kernelsWasm } from "./wasm-bytes.generated";

let compiled: WebAssembly.Module | null = null;

/** The kernels, compiled at first use; small enough to do it at once. A module may be sent to another thread. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelsWasm, "base64"));
  return compiled;
}
