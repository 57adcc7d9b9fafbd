import { reason } from "../facts";
import type { Reason } from "../method";
import type { TokenizerStatistics } from "./schema";

export function tokenizerReasons(statistics: TokenizerStatistics, ancestorsGiven: number): Reason[] {
  const { files, vocabulary, addedTokens, ownTokens, chatTemplate } = statistics;
  const reasons: Reason[] = [];
  const main = files.find(({ name }) => name === "tokenizer.json");
  if (main?.same === "hash") {
    const { original, suspect, hash, inAncestor } = main;
    reasons.push(reason("same-tokenizer-file", { original, suspect, hash, inAncestor }));
  } else if (vocabulary.known === "read") {
    const { tokens, jaccard, sameIds, mergesJaccard } = vocabulary;
    reasons.push(reason("vocabularies-compared", { tokens, jaccard, sameIds, mergesJaccard }));
  } else {
    reasons.push(reason("vocabulary-not-available"));
  }
  if (vocabulary.beyondAncestors !== null) {
    reasons.push(reason("vocabulary-beyond-ancestors", vocabulary.beyondAncestors));
  }
  if (addedTokens === null) reasons.push(reason("added-tokens-not-available"));
  else {
    const { tokens, same, moved, redefined, onlyOriginal, onlySuspect } = addedTokens;
    const counts = { moved: moved.length, redefined: redefined.length, onlyOriginal, onlySuspect };
    reasons.push(reason("added-tokens-compared", { ...tokens, same, ...counts }));
  }
  if (ownTokens !== null) reasons.push(...ownReasons(ownTokens));
  else if (addedTokens !== null) {
    reasons.push(reason(ancestorsGiven === 0 ? "no-ancestor-given" : "ancestor-tokens-not-available"));
  }
  if (vocabulary.preTokenizer === "different") reasons.push(reason("pre-tokeniser-differs"));
  if (chatTemplate !== "unknown") reasons.push(reason(`chat-template-${chatTemplate}`));
  return reasons;
}

function ownReasons({ redefined, added, tokens }: NonNullable<TokenizerStatistics["ownTokens"]>): Reason[] {
  const shared = tokens.filter((token) => token.original !== null && token.original === token.suspect);
  const ids = (isRedefined: boolean) =>
    shared.filter(({ ancestor }) => (ancestor !== null) === isRedefined).map(({ id }) => id);
  const reasons: Reason[] = [];
  if (redefined.original + redefined.suspect > 0) {
    const code = redefined.shared > 0 ? "redefined-tokens-shared" : "redefined-tokens-not-shared";
    reasons.push(reason(code, { ...redefined, ids: ids(true) }));
  }
  if (added.original + added.suspect > 0) {
    const code = added.shared > 0 ? "own-tokens-shared" : "own-tokens-not-shared";
    reasons.push(reason(code, { ...added, ids: ids(false) }));
  }
  if (reasons.length === 0) reasons.push(reason("no-own-tokens"));
  return reasons;
}
