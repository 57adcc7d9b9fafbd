import { methodsAbout } from "../methods/about";
import type { Bilingual, Reason } from "../methods/method";
import { type Sentences, sentenceFor } from "../methods/sentences";
import type { ResultSummary } from "./document";

type Measured = Omit<ResultSummary, "text" | "dates">;

const relations: Readonly<Record<ResultSummary["relation"], Bilingual>> = {
  identical: { en: "The weights of both releases are identical.", zh: "两个发布版本的权重相同。" },
  derived: { en: "One of the two comes from the other.", zh: "两者中一方来自另一方。" },
  related: {
    en: "The two are not independent; their common origin is not known.",
    zh: "两者并不独立；共同来源未知。",
  },
  "shared-ancestry": {
    en: "The two are related only through a common base.",
    zh: "两者仅通过共同的基础模型相关。",
  },
  independent: { en: "Tests with stated power found no relation.", zh: "在所述检验力下未发现关联。" },
  inconclusive: {
    en: "Inconclusive: how the weights of both releases relate is not known.",
    zh: "尚无定论：两个发布版本的权重有何关系尚不可知。",
  },
  incomparable: {
    en: "Incomparable: the two structures have nothing that these methods could compare.",
    zh: "无法比较：两者结构之间没有这些方法可以比较之处。",
  },
};

export const summarySentences: Sentences = {
  "no-weight-read": () => ({
    en: "No weight was read, so nothing is said about independence.",
    zh: "没有读取任何权重，因此对是否独立不作判断。",
  }),
  "weight-files-identical": (f) => ({
    en: f.is("inAncestor")
      ? "All weight files have the same content hash; a given ancestor holds the same files."
      : "All weight files have the same content hash.",
    zh: f.is("inAncestor")
      ? "全部权重文件的内容哈希相同；所给的祖先也含有同样的文件。"
      : "全部权重文件的内容哈希相同。",
  }),
  "structures-have-nothing-in-common": () => ({
    en: "Not one matrix shape occurs on both sides.",
    zh: "没有任何一种矩阵形状同时出现在双方。",
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given, so what both sides may have taken from a common base is not set apart.",
    zh: "没有给出祖先，因此双方可能取自共同基础的部分未被区分。",
  }),
  "lineage-declared": () => ({
    en: "A model card declares the other release as its base.",
    zh: "有模型卡声明以另一方为基础。",
  }),
  "method-says": (f) => {
    const about = methodsAbout.find(({ id }) => id === f.text("method"));
    const code = f.text("says");
    const says = about && Object.hasOwn(about.says, code) ? about.says[code] : undefined;
    return {
      en: `${about?.name.en ?? f.text("method")}: ${says?.en ?? code}.`,
      zh: `${about?.name.zh ?? f.text("method")}：${says?.zh ?? code}。`,
    };
  },
};

/** One summary reason as a sentence. */
export function explainSummaryReason(given: Reason): Bilingual {
  return sentenceFor(summarySentences, given);
}

/** The summary as one paragraph: the relation first, then its reasons, then that direction is not measured. */
export function summaryText(summary: Measured): Bilingual {
  const sentences = [
    relations[summary.relation],
    // What the lineage method says is that very sentence.
    ...summary.reasons.filter(({ code }) => code !== "lineage-declared").map(explainSummaryReason),
    {
      en: "Which side came first is not measured; that is a matter of dates.",
      zh: "哪一方在先不在测量之列，须看日期。",
    },
  ];
  return {
    en: sentences.map(({ en }) => en).join(" "),
    zh: sentences.map(({ zh }) => zh).join(""),
  };
}
