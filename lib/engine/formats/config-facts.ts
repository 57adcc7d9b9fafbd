import type { ReleaseReader } from "../io/source/release";
import type { Json } from "../methods/method";
import type { WeightsConfig } from "../weights/release-weights";
import { isObject, type JsonObject, objectAt } from "./json-shape";
import { locate, readJsonMetadata } from "./metadata-files";
import { parseStrictJson } from "./strict-json";

/** What the layouts need to know beyond the published facts; all from the same config.json. */
export interface ConfigFacts extends WeightsConfig {
  readonly intermediate: number | null;
}

export const noConfig: ConfigFacts = {
  architecture: null,
  hidden: null,
  layers: null,
  heads: null,
  kvHeads: null,
  headDim: null,
  tiedEmbeddings: null,
  intermediate: null,
};

const maxParams = 1024 * 1024;
const nested = ["text_config", "llm_config", "language_config", "thinker_config"];

/** Facts of config.json; of the language model's own part where a multimodal configuration nests one. */
export async function readConfigFacts(reader: ReleaseReader, signal?: AbortSignal): Promise<ConfigFacts> {
  const found = await readJsonMetadata(reader, "config.json", signal);
  if (found.state === "read") return isObject(found.value) ? configFacts(found.value) : noConfig;
  // Meta's and Mistral's own releases describe themselves in params.json.
  const params = locate(reader.release, "params.json");
  const bytes = params && (await reader.readWhole(params.path, maxParams, signal));
  const value = params && bytes ? parseStrictJson(bytes, params.path, { hugeIntegers: "keep" }) : undefined;
  return isObject(value) ? configFacts(value) : noConfig;
}

export function configFacts(config: JsonObject): ConfigFacts {
  const inner = nested.map((key) => objectAt(config, key)).find((part) => part !== null) ?? null;
  const whole = (...names: string[]) => count(first(inner, names)) ?? count(first(config, names));
  const heads = whole("num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads");
  const hidden = whole("hidden_size", "n_embd", "d_model", "dim", "hidden_dim");
  const multiQuery =
    (inner ?? config).multi_query === true && (inner ?? config).new_decoder_architecture !== true;
  const kvHeads = whole(
    "num_key_value_heads",
    "n_kv_heads",
    "num_kv_heads",
    "n_head_kv",
    "multi_query_group_num",
  );
  const tied = first(inner, ["tie_word_embeddings"]) ?? first(config, ["tie_word_embeddings"]);
  return {
    architecture:
      text(inner?.model_type) ?? text(config.model_type) ?? architectureName(config.architectures),
    hidden,
    layers: whole("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers"),
    heads,
    // Falcon-7B states as many key heads as query heads beside multi_query, and has one.
    kvHeads: multiQuery ? 1 : kvHeads,
    headDim: whole("head_dim", "kv_channels", "d_kv"),
    tiedEmbeddings: typeof tied === "boolean" ? tied : null,
    intermediate: whole("intermediate_size", "n_inner", "ffn_dim", "d_ff", "ffn_hidden_size"),
  };
}

function first(object: JsonObject | null, names: readonly string[]): Json | undefined {
  if (object === null) return undefined;
  const name = names.find((key) => Object.hasOwn(object, key) && object[key] !== null);
  return name === undefined ? undefined : object[name];
}

function count(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value < 2 ** 31
    ? value
    : null;
}

function text(value: Json | undefined): string | null {
  return typeof value === "string" && value.length > 0 && value.length <= 100 ? value : null;
}

function architectureName(value: Json | undefined): string | null {
  return Array.isArray(value) ? text(value[0]) : null;
}
