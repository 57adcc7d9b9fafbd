import { Random } from "../trainer/random";
import { lexicon } from "./corpus";

/**
 * Base C's own tokenizer: the same ids in another order, and one word in eight spelt its own way, so that the two
 * vocabularies share seven eighths of their strings at other ids.
 */
function makeDialect(): { words: readonly string[]; idOf: Int32Array } {
  const random = new Random("dialect");
  const order = random.permutation(lexicon.words.length - 16).map((i) => i + 16);
  const idOf = Int32Array.from(lexicon.words, (_, i) => i);
  order.forEach((word, i) => {
    idOf[word] = i + 16;
  });
  const words = [...lexicon.words];
  order.forEach((word, i) => {
    words[i + 16] = i % 8 === 0 ? `${lexicon.words[word]}q` : lexicon.words[word]!;
  });
  return { words, idOf };
}

export const dialect = makeDialect();

export function inDialect(window: Int32Array): Int32Array {
  return window.map((id) => dialect.idOf[id]!);
}
