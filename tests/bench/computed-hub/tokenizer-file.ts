/**
 * A tokenizer.json of the size that Llama 3 ships: byte-level BPE whose tokens are made of syllables, each merged from
 * two earlier ones. Half a million numbers and strings to parse, none of them of any meaning.
 */
export function tokenizerFile(tokens: number): Buffer {
  const letters = [..."abcdefghijklmnopqrstuvwxyzĠ"];
  const known: string[] = [...letters];
  const vocabulary: Record<string, number> = {};
  for (const [id, letter] of letters.entries()) vocabulary[letter] = id;
  const merges: string[] = [];
  // Pairs in a fixed order: every two of the letters, then every two of what came out of it, until it is enough.
  for (let sum = 0; known.length < tokens; sum += 1) {
    for (let left = 0; left <= sum && known.length < tokens; left += 1) {
      const [a, b] = [known[left] as string, known[sum - left] as string];
      const token = a + b;
      if (token.length > 12 || Object.hasOwn(vocabulary, token)) continue;
      vocabulary[token] = known.length;
      known.push(token);
      merges.push(`${a} ${b}`);
    }
  }
  const special = ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"];
  const added = special.map((content, k) => ({
    id: tokens + k,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const file = {
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
      byte_fallback: false,
      ignore_merges: true,
      vocab: vocabulary,
      merges,
    },
  };
  return Buffer.from(JSON.stringify(file, null, 2));
}
