import { seededRandom } from "./random";

export interface ExampleTokenizer {
  /** Value of tokenizer.json */
  readonly document: Record<string, unknown>;
  /** id → added token, as tokenizer_config.json states them */
  readonly addedTokens: Readonly<Record<string, Record<string, unknown>>>;
  readonly vocabulary: number;
}

/** The printable stand-ins of the 256 bytes in byte-level BPE. */
function byteAlphabet(): string[] {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : next++));
}

/** A byte-level BPE tokenizer with merges of its own and the given special tokens at the end. */
export function exampleTokenizer(seed: string, merges: number, special: readonly string[]): ExampleTokenizer {
  const random = seededRandom(`${seed}/tokenizer`);
  const tokens = byteAlphabet();
  const known = new Set(tokens);
  const letters = [..."etaoinshrdlucmfwypvbgkĠ"];
  const pairs: [string, string][] = [];
  while (pairs.length < merges) {
    const pool = [...letters, ...tokens.slice(256)];
    const left = pool[random.below(pool.length)] ?? "e";
    const right = letters[random.below(letters.length - 1)] ?? "t";
    if (left.length > 6 || known.has(left + right)) continue;
    known.add(left + right);
    tokens.push(left + right);
    pairs.push([left, right]);
  }
  const added = special.map((content, index) => ({
    id: tokens.length + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  return {
    document: {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      post_processor: null,
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges: pairs.map(([left, right]) => `${left} ${right}`),
      },
    },
    addedTokens: Object.fromEntries(added.map(({ id, ...token }) => [String(id), token])),
    vocabulary: tokens.length + added.length,
  };
}
