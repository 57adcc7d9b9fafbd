import type { Bilingual } from "../method";
import type { Facts, Sentences } from "../sentences";
import type { EmbeddingStatistics } from "./schema";
import { controlNumber, some, verb } from "./wording";

/** What is said of the columns of embeddings. */
export const embeddingSentences: Sentences = {
  "embedding-columns": (f) => ({
    en: `Over ${some(f, "tokens", "common token")}, ${f.text("matched")} of ${f.text("of")} columns of the embeddings ${verb(f, "matched", "meets its", "meet their")} own index; by chance about ${f.text("expected")} would (log10 p = ${f.text("log10P")} before corrections).`,
    zh: `在 ${f.text("tokens")} 个共有词元上，嵌入的 ${f.text("of")} 列中有 ${f.text("matched")} 列与自身编号对上；偶然情况下约为 ${f.text("expected")} 列（校正前 log10 p = ${f.text("log10P")}）。`,
  }),
  "embedding-control": (f) => ({
    en: `Control ${controlNumber(f)}, columns of its embedding: ${against(f, "original")} against the original, ${against(f, "suspect")} against the suspect.`,
    zh: `对照 ${controlNumber(f)} 的嵌入列：与原版本 ${against(f, "original")} 列，与被比对版本 ${against(f, "suspect")} 列。`,
  }),
  "embedding-alone": () => ({
    en: "Only the embeddings agree; the numbering of neurons does not. Renumbered neurons look like this, and so do two models trained separately on one embedding that was public before, or from equal initial values of it.",
    zh: "仅嵌入相符，神经元编号并不相符。神经元重新编号会有此表现；若两个模型分别在同一个此前已公开的嵌入上训练，或嵌入的初始值相同，也会如此。",
  }),
  "embedding-not-counted": (f) => {
    const why = refusals[f.text("why") as keyof typeof refusals] as Bilingual | undefined;
    return {
      en: `Columns of the embeddings were not counted: ${why?.en ?? f.text("why")}.`,
      zh: `嵌入的列未计入：${why?.zh ?? f.text("why")}。`,
    };
  },
};

const refusals: Readonly<Record<NonNullable<EmbeddingStatistics["refused"]>, Bilingual>> = {
  "no-embedding": { en: "a side has none that was recognised", zh: "某一方没有可识别的嵌入" },
  "other-width": { en: "their widths differ", zh: "双方宽度不同" },
  "embedding-is-common": {
    en: "an ancestor or an unrelated family holds the values of a side's embedding",
    zh: "某一方嵌入的数值为祖先或无关系列所有",
  },
  "position-table": {
    en: "a table of positions is added to them, which may fix the order of columns",
    zh: "嵌入上叠加了位置表，列的次序可能由其固定",
  },
  "positions-unknown": {
    en: "nothing shows how positions enter; a computed sine-cosine table would fix the order of columns",
    zh: "无从得知位置信息如何进入；若为计算得出的正余弦表，列的次序即被固定",
  },
  "too-few-shared-tokens": { en: "the vocabularies share too few tokens", zh: "双方词表共有的词元太少" },
  "too-few-columns": { en: "fewer than 64 columns are usable", zh: "可用的列不足 64" },
  "bytes-not-available": { en: "their bytes cannot be had", zh: "其内容无法取得" },
  "constant-start": {
    en: "a side's columns look as if they had started as the identity",
    zh: "某一方的列看似以单位矩阵为初始值",
  },
  "ancestor-fixes-order": {
    en: "a given ancestor has its columns in the same order as a side, so that descent from it would explain an agreement",
    zh: "所给祖先的列与某一方次序相同，来自该祖先即可解释这种相符",
  },
  "control-has-same-order": {
    en: "a control that was given as unrelated has its columns in the order of both sides",
    zh: "作为无关对照给出的模型，其列与双方次序都相同",
  },
};

function against(f: Facts, side: string): string {
  const counts = f.under(side);
  return typeof counts.raw.of === "number" ? `${counts.text("matched")}/${counts.text("of")}` : "–";
}
