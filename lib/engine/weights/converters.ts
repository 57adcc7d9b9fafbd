import type { ConfigFacts } from "../formats/config-facts";
import type { StoredWeights } from "../formats/stored-weights";
import { fromRotaryPairs } from "./fused";
import type { TensorPlace } from "./release-weights";

/** What a converter did to one tensor, to be undone on reading. */
interface Undone {
  readonly rowAt: ((row: number) => number) | null;
  readonly add: number;
}

/**
 * GGUF architectures whose q and k rows llama.cpp's converter permutes (undo_permute in conversion/*.py, or a call of
 * LlamaModel.permute). Llama 4 and Apertus are no part of it; a file from Mistral's own format has pairs from the start.
 */
const permuted =
  /^(?:llama|mistral3|deci|deepseek|granite|granitemoe|granitehybrid|arcee|smollm3|nanbeige|baichuan|xverse|minicpm|internlm2|olmo|arctic|bailingmoe|chameleon)$/;
/** GGUF architectures whose norm weights are stored with one added; the norm of a state space is not. */
const plusOne = /^(?:gemma|gemma2|gemma3|nemotron|qwen3next|qwen35|qwen35moe)$/;
const withoutOne = /(?:^|\.)ssm_norm\./;
/** Meta's own names: their rotary rows are pairs, too. */
const meta = /^layers\.[0-9]+\.attention\.w[qk]\./;

/** `rows`: of the logical tensor (elements of a bias). */
export function convertedBy(
  name: string,
  place: TensorPlace,
  rows: number,
  { format, config }: { readonly format: StoredWeights["format"]; readonly config: ConfigFacts },
): Undone {
  const gguf = format === "gguf";
  const language = place.group !== "vision-tower" && place.group !== "projector";
  const architecture = config.architecture ?? "";
  const norm = place.role.startsWith("norm") && place.parameter === "weight";
  const shifted = norm && plusOne.test(architecture) && !withoutOne.test(name);
  const add = gguf && language && shifted ? -1 : 0;
  const rotary = place.role === "query" || place.role === "key";
  const pairs = language && rotary && (gguf ? permuted.test(architecture) : meta.test(name));
  const dim = config.headDim ?? (config.hidden && config.heads ? config.hidden / config.heads : null);
  const known = pairs && dim !== null && dim % 2 === 0 && rows % dim === 0;
  return { rowAt: known ? fromRotaryPairs(dim) : null, add };
}
