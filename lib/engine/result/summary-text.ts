import { methodsAbout } from "../methods/about";
import type { Bilingual, Json, Reason } from "../methods/method";
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

/** Two copies of one release that nobody named are each other's copies, too: the sentence says both. */
const derivedOrCommon: Bilingual = {
  en: "One of the two comes from the other, or both come untrained from one release whose weights were not given as an ancestor’s.",
  zh: "两者中一方来自另一方，或双方未经训练地来自同一个版本，而其权重未作为祖先给出。",
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
  "sampled-values-equal": (f) => ({
    en: `At every sampled position of ${f.text("tensors")} counted tensors both sides hold equal values; that all others are equal too would take a read of every byte.`,
    zh: `在 ${f.text("tensors")} 个计入张量的全部抽样位置上，双方数值相同；其余位置是否也相同，须读取全部字节方可得知。`,
  }),
  "differs-as-no-training-does": (f) => ({
    en: `${f.text("copied")} of ${f.text("tensors")} counted tensors are equal or differ in a way that training does not produce (white noise, quantisation, pruning, scaling or number format).`,
    zh: `${f.text("tensors")} 个计入张量中有 ${f.text("copied")} 个相同，或其差异并非训练所能产生（白噪声、量化、剪枝、缩放或数值格式）。`,
  }),
  "ancestor-explains": () => ({
    en: "Beyond what the given ancestors hold, the weights have next to nothing in common.",
    zh: "除所给祖先已有的部分之外，双方权重几乎没有共同之处。",
  }),
  "trained-difference": (f) => ({
    en:
      f.count("ancestorsGiven") > 0
        ? "The weights resemble each other, differ as training makes them differ, and share more than the given ancestors explain; an ancestor that was not given may."
        : "The weights resemble each other and differ as training makes them differ; without an ancestor, two honest fine-tunes of one base look exactly like this.",
    zh:
      f.count("ancestorsGiven") > 0
        ? "双方权重相似，其差异如训练所致，且共同之处超出所给祖先所能解释的；未给出的祖先仍可能解释。"
        : "双方权重相似，其差异如训练所致；在没有祖先的情况下，同一基础模型的两个正当微调也正是如此。",
  }),
  "parts-equal": () => ({
    en: "Large parts of the weights are equal or only re-encoded, and each side has parts of its own. Two honest models around one frozen base look exactly like this.",
    zh: "权重的大部分相同或仅经重新编码，而双方又各有自己的部分。围绕同一冻结基础模型的两个正当模型也正是如此。",
  }),
  "beyond-all-siblings": (f) => ({
    en: `What both share beyond the ancestors points the same way in ${percent(f.raw.share)} of the matrices; of ${f.text("siblings")} documented siblings none reaches more than ${percent(f.raw.highest)}. If the given ancestors are all there are, as was stated, a shared base does not explain this; one public recipe run twice could.`,
    zh: `在 ${percent(f.raw.share)} 的矩阵中，双方超出祖先的部分方向一致；${f.text("siblings")} 个有记载的同源模型中，最高者不超过 ${percent(f.raw.highest)}。若所给祖先即为全部祖先（如提交者所述），则共同的基础模型无法解释；同一公开方法的两次训练则可能。`,
  }),
  "private-group-agrees": (f) => ({
    en: `In parts that no given ancestor has, neurons keep the same numbering (p ≤ 10^${f.text("log10P")}): the given ancestors do not explain that; one that was not given, or equal initial values, could.`,
    zh: `在所给祖先都没有的部分中，神经元保持同样的编号（p ≤ 10^${f.text("log10P")}）：所给祖先无法解释；未给出的祖先或相同的初始值则可能。`,
  }),
  "neurons-agree-through-tokens": () => ({
    en: "At equal positions nothing agrees, but seen through shared tokens the neurons do, as when the residual stream is rotated. A copy and a light fine-tune look alike in this.",
    zh: "相同位置上没有吻合，但经共有词元观察，神经元吻合，正如残差流经过旋转。副本与轻度微调在这一点上看来相同。",
  }),
  "neurons-found-renumbered": (f) => ({
    en: `Neurons of one side were found again under other numbers on the other${f.is("copied") ? ", equal or with white noise only" : ", changed as training changes them"}. This rests on ${f.text("controls")} unrelated controls, not on an exact null.`,
    zh: `一方的神经元以其他编号出现在另一方${f.is("copied") ? "，数值相同或仅有白噪声" : "，其变化如训练所致"}。此结论依据 ${f.text("controls")} 个无关对照，而非精确的零假设。`,
  }),
  "numbering-agrees": (f) => ({
    en: `Neurons keep the same numbering on both sides far more often than chance allows (p ≤ 10^${f.text("log10P")}); nothing else tells what kind of relation this is.`,
    zh: `双方神经元编号的吻合远超偶然（p ≤ 10^${f.text("log10P")}）；属于何种关系，别无线索。`,
  }),
  "fingerprint-matches": () => ({
    en: "A fingerprint matches the other side. Anybody can make one from public weights: it is a pointer to look closer, not a public claim.",
    zh: "指纹与另一方相符。任何人都可由公开权重算出指纹：它提示应进一步查看，并不构成公开主张。",
  }),
  "fingerprint-explained": () => ({
    en: "What matches in the fingerprint is explained by a given ancestor.",
    zh: "指纹相符之处可由所给祖先解释。",
  }),
  "tests-found-nothing": (f) => ({
    en: `The exact tests (${f.text("rows")} rows) and the search for renumbered neurons (${f.text("controls")} controls) found no relation. Permutation together with rotation and re-trained embeddings, or distillation, would leave none to find.`,
    zh: `精确检验（${f.text("rows")} 行）与对重新编号神经元的搜索（${f.text("controls")} 个对照）均未发现关联。置换加旋转并重新训练嵌入，或蒸馏，不会留下可供发现的痕迹。`,
  }),
  "nothing-decisive": () => ({
    en: "Weights were read, and nothing decisive was found in either direction.",
    zh: "已读取权重，但无论哪一方向都未得出决定性的结果。",
  }),
  "families-agree": (f) => ({
    en: `Families of methods that point to ${f.text("on")}: ${f.list("families")}.`,
    zh: `指向${f.text("on") === "derivation" ? "衍生" : "独立"}的方法类别：${families(f.raw.families)}。`,
  }),
  "all-tensors-identical": (f) => ({
    en: `Every counted tensor has a partner with the same bytes on the other side${f.is("inAncestor") ? "; a given ancestor holds them too" : ""}; files and names may differ.`,
    zh: `每个计入的张量在另一方都有字节相同的对应者${f.is("inAncestor") ? "；所给的祖先也含有它们" : ""}；文件与名称可以不同。`,
  }),
  "all-values-equal": (f) => ({
    en: `Every byte was read, and all values of all tensors are equal${f.is("inAncestor") ? "; a given ancestor holds them too" : ""}; only names, files or the number format differ.`,
    zh: `已读取全部字节，所有张量的全部数值相同${f.is("inAncestor") ? "；所给的祖先也含有它们" : ""}；仅名称、文件或数值格式不同。`,
  }),
  "structures-have-nothing-in-common": () => ({
    en: "Not one matrix shape occurs on both sides.",
    zh: "没有任何一种矩阵形状同时出现在双方。",
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor was given, so what both sides may have taken from a common base is not set apart.",
    zh: "没有给出祖先，因此双方可能取自共同基础的部分未被区分。",
  }),
  "ancestors-not-read": (f) => ({
    en: `Of ${f.text("given")} given ancestors the weights of ${f.text("unread")} were not read: what both sides may have taken from there is not set apart, and a shared base is not excluded.`,
    zh: `所给 ${f.text("given")} 个祖先中，有 ${f.text("unread")} 个的权重未被读取：双方可能取自其中的部分未被区分，也不排除共同的基础模型。`,
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
    summary.relation === "derived" && summary.cannotExclude.includes("shared-base")
      ? derivedOrCommon
      : relations[summary.relation],
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

const familyNames: Readonly<Record<string, string>> = {
  weights: "权重",
  code: "代码",
  tokenizer: "分词器",
  structure: "结构",
  lineage: "声明的来源",
};

function families(value: Json | undefined): string {
  return Array.isArray(value)
    ? value.map((name) => familyNames[String(name)] ?? String(name)).join("、")
    : "";
}

function percent(value: Json | undefined): string {
  return typeof value === "number" ? `${Math.round(value * 100)} %` : "?";
}
