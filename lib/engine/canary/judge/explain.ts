import type { Bilingual, Reason } from "../../methods/method";
import { sentenceFor } from "../../methods/sentences";
import type { Exclusion, Judgement } from "./schema";
import {
  assumptionSentences,
  claimedSentence,
  helpSentences,
  reasonSentences,
  saysSentences,
} from "./sentences";

const sentences = { ...reasonSentences, ...helpSentences };
/** Sentences of one kind (references left out) before the rest is only counted. */
const shownPerCode = 6;

/** One reason, or one thing that would help, as a sentence. */
export function reasonSentence(given: Reason): Bilingual {
  return sentenceFor(sentences, given);
}

/** What stands beside a p-value: what it assumes, and where answers are merely claimed, that it assumes these too. */
export function assumptionSentence(code: string, claimed = false): Bilingual {
  const own = assumptionSentences[code] ?? { en: `${code}.`, zh: `${code}。` };
  return claimed ? { en: `${claimedSentence.en} ${own.en}`, zh: `${claimedSentence.zh}${own.zh}` } : own;
}

/** Why a reference was left out; `name` and `by` as the result has them. */
export function exclusionSentence(exclusion: Exclusion, name: string, by: string | null): Bilingual {
  return sentenceFor(reasonSentences, { code: `left-out-${exclusion}`, facts: { name, by } });
}

/** What a judgement says, in a few words. */
export function saysSentence(says: Judgement["says"]): Bilingual {
  return saysSentences[says] ?? { en: says, zh: says };
}

/**
 * Whether the number reached what was registered: a word of its own beside what is said, which rests on more than the
 * number. Null where nothing was compared.
 */
export function reachedSentence({ primary, says }: Pick<Judgement, "primary" | "says">): Bilingual | null {
  if (primary === null || primary.threshold === null) return null;
  const name = `p_${primary.statistic}`;
  const { threshold } = primary;
  if (primary.reached !== true)
    return {
      en: `${name} does not reach the pre-registered threshold of ${threshold}.`,
      zh: `${name} 未达到预先登记的阈值 ${threshold}。`,
    };
  if (says === "not-independent")
    return {
      en: `${name} reaches the pre-registered threshold of ${threshold}.`,
      zh: `${name} 达到预先登记的阈值 ${threshold}。`,
    };
  return {
    en: `${name} reaches the pre-registered threshold of ${threshold}; that is no finding here, for the reasons given.`,
    zh: `${name} 达到预先登记的阈值 ${threshold}；但由于所列原因，在此不构成结论。`,
  };
}

/** The whole judgement as text. */
export function explain({
  says,
  reasons,
  assumption,
  p,
}: Pick<Judgement, "says" | "reasons" | "assumption" | "p">): Bilingual {
  const parts = [saysSentence(says)];
  for (const alike of Map.groupBy(reasons, ({ code }) => code).values()) {
    parts.push(...alike.slice(0, shownPerCode).map(reasonSentence));
    const more = alike.length - shownPerCode;
    if (more > 0) parts.push({ en: `And ${more} more of this kind.`, zh: `同类还有 ${more} 项。` });
  }
  const [first] = Object.values(p);
  if (first !== undefined) parts.push(assumptionSentence(assumption, first.claimed));
  return { en: parts.map(({ en }) => en).join(" "), zh: parts.map(({ zh }) => zh).join("") };
}
