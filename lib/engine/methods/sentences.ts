import type { Bilingual, Json, MethodOutcome, Reason } from "./method";

/** Facts of a reason, read for a sentence. A missing fact becomes "?" rather than an exception: sentences never break a result. */
export class Facts {
  constructor(readonly raw: Readonly<Record<string, Json>>) {}

  text(key: string): string {
    const value = this.raw[key];
    if (typeof value === "string") return value;
    if (typeof value === "number") return grouped(value);
    return value === undefined || value === null ? "?" : JSON.stringify(value);
  }

  count(key: string): number {
    const value = this.raw[key];
    return typeof value === "number" ? value : Array.isArray(value) ? value.length : 0;
  }

  list(key: string, limit = 8): string {
    const value = this.raw[key];
    if (!Array.isArray(value)) return this.text(key);
    const shown = value
      .slice(0, limit)
      .map((item: Json) => (typeof item === "string" ? item : JSON.stringify(item)));
    return value.length > limit ? `${shown.join(", ")}, …` : shown.join(", ");
  }

  is(key: string): boolean {
    return this.raw[key] === true;
  }

  under(key: string): Facts {
    const value = this.raw[key];
    return new Facts(
      typeof value === "object" && value !== null && !Array.isArray(value) ? (value as never) : {},
    );
  }
}

export type Sentence = (facts: Facts) => Bilingual;
export type Sentences = Readonly<Record<string, Sentence>>;

/** Thousands apart, the same in both languages and on every machine (never the host's locale). */
export function grouped(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const separated = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** "the original" / "the suspect" in both languages. */
export function sideName(side: string): Bilingual {
  return side === "original" ? { en: "the original", zh: "原版本" } : { en: "the suspect", zh: "被比对版本" };
}

const groupNames: Readonly<Record<string, Bilingual>> = {
  "language-model": { en: "language model", zh: "语言模型" },
  "vision-tower": { en: "vision tower", zh: "视觉塔" },
  projector: { en: "projector", zh: "投影器" },
  embeddings: { en: "embeddings", zh: "词嵌入" },
  head: { en: "head", zh: "输出头" },
  other: { en: "other parts", zh: "其他部分" },
};

/** A group of tensors in both languages. */
export function groupName(group: string): Bilingual {
  return groupNames[group] ?? { en: group, zh: group };
}

/** Reasons that any method may give. */
const commonSentences: Sentences = {
  "checkpoint-refused": (f) => ({
    en: `${f.text("path")} was not opened: ${f.text("problem")}. Nothing of it was executed, and nothing is said about its weights.`,
    zh: `未打开 ${f.text("path")}：${f.text("problem")}。其中没有任何内容被执行，对其权重也不作任何判断。`,
  }),
};

/** One sentence for one reason. An unknown code (from a newer engine) is shown as the code itself. */
export function sentenceFor(sentences: Sentences, { code, facts }: Reason): Bilingual {
  const make = Object.hasOwn(sentences, code)
    ? sentences[code]
    : Object.hasOwn(commonSentences, code)
      ? commonSentences[code]
      : undefined;
  return make ? make(new Facts(facts)) : { en: `${code}.`, zh: `${code}。` };
}

const shownPerCode = 6;

/** The explanation of an outcome: its reasons as sentences, the same kind at most six times, then what it may not say. */
export function explainWith(sentences: Sentences, outcome: MethodOutcome, closing: Bilingual): Bilingual {
  const en: string[] = [];
  const zh: string[] = [];
  for (const reasons of Map.groupBy(outcome.reasons, (given) => given.code).values()) {
    for (const given of reasons.slice(0, shownPerCode)) {
      const sentence = sentenceFor(sentences, given);
      en.push(sentence.en);
      zh.push(sentence.zh);
    }
    const more = reasons.length - shownPerCode;
    if (more > 0) {
      en.push(`And ${more} more of this kind.`);
      zh.push(`同类还有 ${more} 项。`);
    }
  }
  return { en: [...en, closing.en].join(" "), zh: [...zh, closing.zh].join("") };
}
