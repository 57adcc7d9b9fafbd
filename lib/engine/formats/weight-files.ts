import { baseName } from "./metadata-files";

/** Formats weights come in; files of one format together are one copy of the model. */
export type WeightFormat = "safetensors" | "pytorch" | "gguf" | "onnx" | "other";

// Optimizer states and training arguments share the extensions of weights but are not the model.
const notWeights = /^(?:optimizer|scheduler|rng_state|training_args|scaler|random_states)/;
const rules: readonly (readonly [WeightFormat, RegExp])[] = [
  ["safetensors", /\.safetensors$/],
  ["gguf", /\.gguf$/],
  ["onnx", /\.onnx(?:_data)?$/],
  [
    "pytorch",
    /^(?:pytorch_model|model|adapter_model|diffusion_pytorch_model|consolidated)[^/]*\.bin$|\.(?:pt|pth|ckpt)$/,
  ],
  ["other", /\.(?:h5|msgpack|npz|tflite)$/],
];

/** The format of a weight file by its name, or null for any other file. */
export function weightFormat(path: string): WeightFormat | null {
  const name = baseName(path);
  if (notWeights.test(name)) return null;
  return rules.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}
