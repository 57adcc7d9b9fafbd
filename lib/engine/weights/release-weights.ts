import type { TensorGroup } from "../result/document";

/** What a tensor does in a network, whatever it is called. */
export type TensorRole =
  | "embedding"
  | "position"
  | "head"
  | "query"
  | "key"
  | "value"
  | "attention-out"
  | "gate"
  | "up"
  | "down"
  | "router"
  | "norm-attention"
  | "norm-mlp"
  | "norm-final"
  | "norm"
  | "convolution"
  | "other";

export interface TensorPlace {
  readonly role: TensorRole;
  readonly parameter: "weight" | "bias";
  /** The stack of numbered blocks it stands in (the words before the first number), or null outside of any. */
  readonly stack: string | null;
  readonly layer: number | null;
  /** Expert of a mixture, or null. */
  readonly expert: number | null;
  readonly group: TensorGroup;
}

/**
 * One logical tensor: fused matrices split, transposed layouts turned, converters' permutations undone. A matrix has
 * one row per output feature and one column per input feature; `rows * cols` elements, row-major. A vector has one row.
 */
export interface WeightTensor {
  /** Unique within a release; the stored name, with "#part" behind it where a stored tensor was split. */
  readonly name: string;
  readonly stored: string;
  readonly place: TensorPlace;
  /** As stored: "F64" "F32" "F16" "BF16" "F8_E4M3" … "Q8_0" "Q4_K" … */
  readonly dtype: string;
  /** Logical shape, after splitting and turning. */
  readonly shape: readonly number[];
  readonly rows: number;
  readonly cols: number;
  /** Bytes of its elements as stored. */
  readonly bytes: number;
}

/** Architecture facts of a release's own configuration (config.json or GGUF metadata); null where it does not say. */
export interface WeightsConfig {
  readonly architecture: string | null;
  readonly hidden: number | null;
  readonly layers: number | null;
  readonly heads: number | null;
  readonly kvHeads: number | null;
  readonly headDim: number | null;
  readonly tiedEmbeddings: boolean | null;
}

/** The weights of one release, in whatever format, read by range. Nothing of a file is ever executed. */
export interface ReleaseWeights {
  readonly format: "safetensors" | "gguf" | "onnx" | "pytorch";
  readonly config: WeightsConfig;
  /** In the order of their names (code units). */
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  /**
   * Elements [start, end) of the logical tensor, row-major, decoded to float32 (exact for all but F64 and wide
   * integers, which are rounded). Null when the bytes cannot be had. Only the bytes needed are asked for; callers ask
   * for many ranges at once (Promise.all) and the source coalesces them.
   */
  read(tensor: WeightTensor, start: number, end: number, signal?: AbortSignal): Promise<Float32Array | null>;
  /** The quantisation step that belongs to each element of the same range, or null for a format that has none. */
  steps(tensor: WeightTensor, start: number, end: number, signal?: AbortSignal): Promise<Float32Array | null>;
}
