import { tokenizerAbout } from "../about";
import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Facts, type Sentences } from "../sentences";

export const tokenizerSentences: Sentences = {
  "same-tokenizer-file": (f) => ({
    en: `${f.text("original")} and ${f.text("suspect")} are the same file by its listed hash; neither was read.${f.is("inAncestor") ? " A given ancestor holds it too." : ""}`,
    zh: `依清单所载哈希，${f.text("original")} 与 ${f.text("suspect")} 是同一文件；两者均未读取。${f.is("inAncestor") ? "所给的祖先也含有该文件。" : ""}`,
  }),
  "vocabularies-compared": (f) => ({
    en: `The vocabularies (${f.under("tokens").text("original")} and ${f.under("tokens").text("suspect")} tokens) have a Jaccard index of ${f.text("jaccard")}; the share of common tokens with equal ids is ${f.text("sameIds")}; the merges have a Jaccard index of ${f.text("mergesJaccard")}.`,
    zh: `双方词表（${f.under("tokens").text("original")} 与 ${f.under("tokens").text("suspect")} 个词元）的 Jaccard 指数为 ${f.text("jaccard")}；共有词元中编号相同的比例为 ${f.text("sameIds")}；合并规则的 Jaccard 指数为 ${f.text("mergesJaccard")}。`,
  }),
  "vocabulary-not-available": () => ({
    en: "The vocabularies could not be compared: no readable vocabulary file on at least one side.",
    zh: "无法比较词表：至少有一方没有可读取的词表文件。",
  }),
  "vocabulary-beyond-ancestors": (f) => ({
    en: `${f.text("original")} tokens of the original and ${f.text("suspect")} of the suspect are in no given ancestor's vocabulary; ${f.text("shared")} of them are on both sides.`,
    zh: `原版本有 ${f.text("original")} 个、被比对版本有 ${f.text("suspect")} 个词元不在任何所给祖先的词表中；其中 ${f.text("shared")} 个双方共有。`,
  }),
  "added-tokens-compared": (f) => ({
    en: `Added tokens: ${f.text("original")} and ${f.text("suspect")}, of which ${f.text("same")} have the same id and content; ${f.text("moved")} have another id, ${f.text("redefined")} ids have other content.`,
    zh: `附加词元分别为 ${f.text("original")} 个与 ${f.text("suspect")} 个，其中 ${f.text("same")} 个编号与内容均相同；${f.text("moved")} 个编号不同，${f.text("redefined")} 个编号的内容不同。`,
  }),
  "added-tokens-not-available": () => ({
    en: "The added tokens could not be compared: at least one side does not state them readably.",
    zh: "无法比较附加词元：至少有一方没有可读取的附加词元。",
  }),
  "redefined-tokens-shared": (f) => ({
    en: `Against the given ancestors the original redefines ${tokens(f, "original")} and the suspect ${f.text("suspect")}; ${f.text("shared")} of them are the same on both sides (ids ${idRanges(f)}).`,
    zh: `对照所给祖先，原版本重新定义了 ${f.text("original")} 个编号，被比对版本重新定义了 ${f.text("suspect")} 个；其中 ${f.text("shared")} 个双方相同（编号 ${idRanges(f)}）。`,
  }),
  "redefined-tokens-not-shared": (f) => ({
    en: `Against the given ancestors the original redefines ${tokens(f, "original")} and the suspect ${f.text("suspect")}; none of them is the same on both sides.`,
    zh: `对照所给祖先，原版本重新定义了 ${f.text("original")} 个编号，被比对版本重新定义了 ${f.text("suspect")} 个；没有一个双方相同。`,
  }),
  "own-tokens-shared": (f) => ({
    en: `The original adds ${f.text("original")} tokens that no given ancestor has, the suspect ${f.text("suspect")}; ${f.text("shared")} of them are the same on both sides (ids ${idRanges(f)}).`,
    zh: `原版本增加了 ${f.text("original")} 个所给祖先没有的词元，被比对版本增加了 ${f.text("suspect")} 个；其中 ${f.text("shared")} 个双方相同（编号 ${idRanges(f)}）。`,
  }),
  "own-tokens-not-shared": (f) => ({
    en: `The original adds ${f.text("original")} tokens that no given ancestor has, the suspect ${f.text("suspect")}; none of them is the same on both sides.`,
    zh: `原版本增加了 ${f.text("original")} 个所给祖先没有的词元，被比对版本增加了 ${f.text("suspect")} 个；没有一个双方相同。`,
  }),
  "no-own-tokens": () => ({
    en: "Neither side adds or redefines a token against the given ancestors.",
    zh: "对照所给祖先，双方均未增加或重新定义词元。",
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given, so tokens taken from a common base are not set apart.",
    zh: "没有给出祖先，因此取自共同基础的词元未被区分。",
  }),
  "ancestor-tokens-not-available": () => ({
    en: "No given ancestor states its added tokens readably, so tokens taken from a common base are not set apart.",
    zh: "所给祖先均没有可读取的附加词元，因此取自共同基础的词元未被区分。",
  }),
  "pre-tokeniser-differs": () => ({ en: "The pre-tokenisers differ.", zh: "预分词器不同。" }),
  "chat-template-same": () => ({ en: "The chat templates are equal.", zh: "对话模板相同。" }),
  "chat-template-different": () => ({ en: "The chat templates differ.", zh: "对话模板不同。" }),
};

export function explainTokenizer(outcome: MethodOutcome): Bilingual {
  return explainWith(tokenizerSentences, outcome, tokenizerAbout.mayNotSay);
}

function tokens(facts: Facts, key: string): string {
  return `${facts.text(key)} ${facts.count(key) === 1 ? "id" : "ids"}`;
}

/** 128002, 128010–128021 */
function idRanges(facts: Facts): string {
  const ids = Array.isArray(facts.raw.ids) ? facts.raw.ids.filter((id) => typeof id === "number") : [];
  const runs: [number, number][] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last && id === last[1] + 1) last[1] = id;
    else runs.push([id, id]);
  }
  const shown = runs.slice(0, 8).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return runs.length > 8 ? `${shown.join(", ")}, …` : shown.join(", ");
}
