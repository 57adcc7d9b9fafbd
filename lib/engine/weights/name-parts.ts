/** The name of a tensor taken apart. */
export interface NameParts {
  /** Words before the number of its layer, or null where it stands in no numbered block. */
  readonly stack: string | null;
  readonly layer: number | null;
  readonly expert: number | null;
  /** What follows the number of the layer (all words where there is none), without expert and parameter. */
  readonly words: readonly string[];
  /** Null where the last word is none that code bases use for a weight or a bias. */
  readonly parameter: "weight" | "bias" | null;
}

const parameters: Readonly<Record<string, "weight" | "bias">> = {
  weight: "weight",
  kernel: "weight",
  gamma: "weight",
  scale: "weight",
  bias: "bias",
  beta: "bias",
};

/** Words that hold numbered blocks inside numbered blocks (the stages of a hierarchical vision tower). */
const innerBlocks = /^(?:blocks|layers|residual_group)$/;

/** Words after which a number counts experts; "ffn_gate" and its like in old GGUF files. */
const expertsWord = /^(?:(?:local_)?experts?|ffn_(?:gate|up|down))$/;

/** Splits "a.b.0.c.weight", "a/b_0/c/kernel", "block_sparse_moe.experts.3.w1.weight" … into its parts. */
export function nameParts(name: string): NameParts {
  const segments = name
    .split(/[./]|::/)
    .flatMap(numbered)
    .filter((word) => word !== "");
  const last = segments.at(-1) ?? "";
  const parameter = Object.hasOwn(parameters, last) ? (parameters[last] as "weight" | "bias") : null;
  if (parameter !== null) segments.pop();
  // ONNX builders put the operation between the module and its weight.
  if (/^(?:MatMul|Gemm|Conv|Gather)$/.test(segments.at(-1) ?? "")) segments.pop();
  const at = segments.findIndex((word, i) => expertsWord.test(word) && isNumber(segments[i + 1]));
  const expert = at === -1 ? null : Number(segments[at + 1]);
  if (at !== -1) segments.splice(at + 1, 1);
  const layerAt = layerIndex(segments, at === -1 ? segments.length : at);
  if (layerAt === -1) return { stack: null, layer: null, expert, words: segments, parameter };
  return {
    stack: segments.slice(0, layerAt).join("."),
    layer: Number(segments[layerAt]),
    expert,
    words: segments.slice(layerAt + 1),
    parameter,
  };
}

/** The first number; inside a stage ("layers.0.blocks.1", "block.0.1") the number of the inner block. */
function layerIndex(segments: readonly string[], end: number): number {
  let chosen = segments.findIndex((word, i) => i < end && isNumber(word));
  if (chosen === -1) return -1;
  for (let i = chosen + 1; i < end; i++) {
    const direct = i === chosen + 1;
    const inner = i === chosen + 2 && innerBlocks.test(segments[i - 1] as string);
    if (isNumber(segments[i]) && (direct || inner)) chosen = i;
  }
  return chosen;
}

/** "layer_0" → "layer", "0"; only after words that number blocks. */
function numbered(word: string): string[] {
  const match = /^(layers?|blocks?|h|resblocks?)_([0-9]{1,4})$/.exec(word);
  return match ? [match[1] as string, match[2] as string] : [word];
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && /^[0-9]{1,6}$/.test(word);
}
