import type { ConfigFacts } from "../formats/config-facts";
import type { StoredWeights } from "../formats/stored-weights";
import { fromRotaryPairs } from "./fused";
import type { TensorPlace } from "./release-weights";

/** What a converter did to one tensor, to be undone on reading. */
interface Undone {
  readonly rowAt: ((row: number) => number) | null;
  readonly add: number;
}

/** GGUF architectures whose q and k rows llama.cpp's converter permutes (LlamaModel.permute and its copies). */
const permuted =
  /^(?:llama|deci|granite|granitemoe|arcee|smollm3|baichuan|xverse|minicpm|internlm2|olmo|arctic|bailingmoe|chameleon)$/;
/** GGUF architectures whose norm weights are stored with one added. */
const plusOne = /^(?:gemma|gemma2|gemma3|nemotron)$/;
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
  const add = gguf && language && norm && plusOne.test(architecture) ? -1 : 0;
  const rotary = place.role === "query" || place.role === "key";
  const pairs = language && rotary && (gguf ? permuted.test(architecture) : meta.test(name));
  const dim = config.headDim ?? (config.hidden && config.heads ? config.hidden / config.heads : null);
  const known = pairs && dim !== null && dim % 2 === 0 && rows % dim === 0;
  return { rowAt: known ? fromRotaryPairs(dim) : null, add };
}
