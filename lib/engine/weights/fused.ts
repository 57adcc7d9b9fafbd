import type { ConfigFacts } from "../formats/config-facts";

/** One part of a fused tensor: rows of it, in their stored places. */
export interface FusedPart {
  readonly part: "q" | "k" | "v" | "gate" | "up";
  readonly rows: number;
  readonly rowAt: (row: number) => number;
}

/**
 * Families that store queries, keys and values interleaved: per key head its query heads, then the key, then the
 * value (GPT-NeoX, Bloom and Persimmon have one query head each; Falcon and InternLM2 as many as share the key).
 */
const interleaved =
  /^(?:gpt_neox(?:_japanese)?|bloom|persimmon|falcon|RefinedWeb(?:Model)?|internlm2|gpt_bigcode)$/;

/**
 * Splits `total` fused rows into queries, keys and values; null where the configuration does not say how.
 * `config` null: a tower whose heads nobody states, with equal thirds. `converted`: a GGUF file, always q|k|v.
 */
export function splitQkv(total: number, config: ConfigFacts | null, converted: boolean): FusedPart[] | null {
  const heads = config?.heads ?? null;
  const keys = config?.kvHeads ?? heads;
  if (config !== null && heads !== null && keys !== null) {
    const dim =
      config.headDim ?? (config.hidden === null ? total / (heads + 2 * keys) : config.hidden / heads);
    if ((heads + 2 * keys) * dim === total && Number.isInteger(dim) && heads % keys === 0) {
      const contiguous =
        converted ||
        !interleaved.test(config.architecture ?? "") ||
        // StarCoder's own multi-query layout is q|k|v; only its multi-head variant is interleaved.
        (config.architecture === "gpt_bigcode" && keys === 1);
      return contiguous ? inARow(heads * dim, keys * dim) : perKeyHead(heads, keys, dim);
    }
  }
  const thirds = total % 3 === 0 && (keys === null || keys === heads);
  return thirds && (config === null || !interleaved.test(config.architecture ?? "") || converted)
    ? inARow(total / 3, total / 3)
    : null;
}

function inARow(queries: number, keys: number): FusedPart[] {
  return [
    { part: "q", rows: queries, rowAt: (row) => row },
    { part: "k", rows: keys, rowAt: (row) => queries + row },
    { part: "v", rows: keys, rowAt: (row) => queries + keys + row },
  ];
}

function perKeyHead(heads: number, keys: number, dim: number): FusedPart[] {
  const each = heads / keys;
  const place = (group: number, slot: number, row: number) => (group * (each + 2) + slot) * dim + (row % dim);
  const head = (row: number) => Math.floor(row / dim);
  return [
    {
      part: "q",
      rows: heads * dim,
      rowAt: (row) => place(Math.floor(head(row) / each), head(row) % each, row),
    },
    { part: "k", rows: keys * dim, rowAt: (row) => place(head(row), each, row) },
    { part: "v", rows: keys * dim, rowAt: (row) => place(head(row), each + 1, row) },
  ];
}

/** Keys and values in one matrix, in that order. */
export function splitKv(total: number): FusedPart[] | null {
  if (total % 2 !== 0) return null;
  const half = total / 2;
  return [
    { part: "k", rows: half, rowAt: (row) => row },
    { part: "v", rows: half, rowAt: (row) => half + row },
  ];
}

/** Gate rows, then up rows; gpt-oss alternates them. */
export function splitGateUp(total: number, config: ConfigFacts): FusedPart[] | null {
  if (total % 2 !== 0) return null;
  const half = total / 2;
  const alternating = config.architecture === "gpt_oss";
  return [
    { part: "gate", rows: half, rowAt: alternating ? (row) => 2 * row : (row) => row },
    { part: "up", rows: half, rowAt: alternating ? (row) => 2 * row + 1 : (row) => half + row },
  ];
}

/**
 * Rotary position code wants a head's rows as two halves in Hugging Face's layout and as pairs in Meta's and in
 * llama.cpp's; converters permute between them (llama.cpp convert_hf_to_gguf.py, LlamaModel.permute). The stored row
 * of a logical row in halves, for pairs stored.
 */
export function fromRotaryPairs(dim: number): (row: number) => number {
  const half = dim / 2;
  return (row) => {
    const inHead = row % dim;
    return row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
  };
}
