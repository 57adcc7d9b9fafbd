import type { ConfigFacts } from "./config-facts";

/** One tensor as a file holds it. Elements are counted in the order of the file's own row-major layout. */
export interface StoredTensor {
  /** Unique in the release; as the file has it, but for names that an exporter made up. */
  readonly name: string;
  /** The name in the file, where it is another. */
  readonly storedName?: string;
  readonly dtype: string;
  /** Outermost dimension first. */
  readonly shape: readonly number[];
  readonly elements: number;
  readonly bytes: number;
  /** Known to hold the transposed matrix ([in, out]), from the operation that consumes it. */
  readonly turned?: boolean;
  /** Elements [start, end) as float32; null when the bytes cannot be had. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Float32Array | null>;
  /** The quantisation step of each of these elements; null for a dtype that has none. */
  steps(start: number, end: number, signal?: AbortSignal): Promise<Float32Array | null>;
}

/** The weights of a release before anything is split, turned or undone. */
export interface StoredWeights {
  readonly format: "safetensors" | "gguf" | "onnx" | "pytorch";
  /** Weight files that were opened. */
  readonly files: number;
  readonly tensors: readonly StoredTensor[];
  /** Where the file itself says what it is (GGUF metadata); null where config.json has to. */
  readonly config: ConfigFacts | null;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
