import { sameJson } from "../../formats/canonical-json";
import { readChatTemplate } from "../../formats/tokenizer-files";
import { statisticsOf } from "../facts";
import type { Method, MethodInput, MethodOutcome } from "../method";
import { addedTokenStatistics } from "./added-tokens";
import { explainTokenizer } from "./explain";
import { filePairs } from "./file-pairs";
import { tokenizerReasons } from "./reasons";
import { type TokenizerStatistics, tokenizerStatisticsSchema, type VocabularyStatistics } from "./schema";
import { vocabularyStatistics } from "./vocabulary";

/** How much of the tokenizer is shared, and how much of that is one side's own rather than a given base's. */
export const tokenizer: Method<"tokenizer"> = {
  id: "tokenizer",
  version: "1",
  run,
  explain: explainTokenizer,
};

async function run(input: MethodInput): Promise<MethodOutcome<"tokenizer">> {
  const files = filePairs(input);
  const sameByHash = files.some(({ name, same }) => name === "tokenizer.json" && same === "hash");
  const vocabulary = await vocabularyStatistics(input, sameByHash);
  const { added, own } = await addedTokenStatistics(input);
  const statistics: TokenizerStatistics = {
    files,
    vocabulary,
    addedTokens: added,
    ownTokens: own,
    chatTemplate: await chatTemplate(input),
  };
  return {
    method: "tokenizer",
    version: "1",
    kind: "descriptive",
    null: null,
    statistics: statisticsOf(tokenizerStatisticsSchema, statistics),
    pValueLog10: null,
    threshold: null,
    falseFlags: null,
    says: verdict(vocabulary),
    reasons: tokenizerReasons(statistics, input.ancestors.length),
  };
}

/** Largely the same from nine tenths of the joint vocabulary on; the threshold only chooses a word, nothing rests on it. */
function verdict({ jaccard, sameIds, mergesJaccard }: VocabularyStatistics): string {
  if (jaccard === null) return "not-testable";
  if (jaccard === 1 && sameIds === 1 && (mergesJaccard ?? 1) === 1) return "same-tokenizer";
  return jaccard >= 0.9 ? "largely-same" : "different";
}

async function chatTemplate({
  original,
  suspect,
  signal,
}: MethodInput): Promise<"same" | "different" | "unknown"> {
  const [a, b] = [await readChatTemplate(original, signal), await readChatTemplate(suspect, signal)];
  if (a.state !== "read" || b.state !== "read") return "unknown";
  return sameJson(a.value, b.value) ? "same" : "different";
}
