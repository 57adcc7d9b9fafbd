import type { Bilingual, MethodOutcome } from "../method";
import { explainWith, type Sentences, sideName } from "../sentences";

export const fingerprintSentences: Sentences = {
  "no-fingerprint": () => ({
    en: "Neither side nor an ancestor is given as a fingerprint.",
    zh: "双方及祖先均未以指纹形式给出。",
  }),
  "side-unreadable": (f) => ({
    en: `The weights of ${sideName(f.text("side")).en} cannot be opened, and no fingerprint stands for them.`,
    zh: `无法打开${sideName(f.text("side")).zh}的权重，也没有指纹可代替。`,
  }),
  "tensors-by-root": (f) => ({
    en: `${f.text("shared")} of ${f.text("original")} counted tensors of the original occur on the other side with the same bytes, whatever their names and files; the suspect has ${f.text("suspect")} counted tensors. ${f.text("inAncestors")} tensors were left out because an ancestor holds them.`,
    zh: `原版本计入的 ${f.text("original")} 个张量中，有 ${f.text("shared")} 个以相同字节出现在另一方（不论名称与文件）；被比对版本计入 ${f.text("suspect")} 个张量。另有 ${f.text("inAncestors")} 个张量因祖先也持有而不计入。`,
  }),
  "sketch-cosine": (f) => ({
    en: `Over ${f.text("tensors")} pairs of matrices the median cosine of the sketches is ${f.text("median")} (unrelated matrices: 0 ± 0.03 each).`,
    zh: `在 ${f.text("tensors")} 对矩阵上，草图余弦的中位数为 ${f.text("median")}（互不相关的矩阵每对约为 0 ± 0.03）。`,
  }),
  "beyond-ancestors": (f) => ({
    en: `With the given ancestors taken off both sides, in ${f.text("tensors")} matrices that differ enough from them, the median cosine is ${f.text("rho")} and the median coefficient ${f.text("alpha")}.`,
    zh: `从双方减去所给祖先后，在与祖先差异足够大的 ${f.text("tensors")} 个矩阵上，余弦中位数为 ${f.text("rho")}，系数中位数为 ${f.text("alpha")}。`,
  }),
  "too-close-to-ancestors": () => ({
    en: "No matrix differs enough from the given ancestors for anything to be said beyond them.",
    zh: "没有矩阵与所给祖先的差异足够大，无法就祖先之外作出判断。",
  }),
  "rows-matched": (f) => ({
    en: `In ${f.text("layers")} layers, ${f.text("matched")} of ${f.text("of")} projected rows are matched to their own index (${f.text("expected")} expected for independent weights): log10 p = ${f.text("log10P")}, if the fingerprint was computed from the weights it names.`,
    zh: `在 ${f.text("layers")} 层中，${f.text("of")} 个投影行有 ${f.text("matched")} 个匹配到自身编号（权重独立时预期为 ${f.text("expected")} 个）：若指纹确由其所称的权重算出，则 log10 p = ${f.text("log10P")}。`,
  }),
  "too-few-rows": () => ({
    en: "Too few comparable projected rows remain on both sides for the row test.",
    zh: "双方可比较的投影行过少，无法进行行检验。",
  }),
  "rows-searched-without-controls": (f) => ({
    en: `${f.text("found")} of ${f.text("references")} kept rows of one layer have a mutually best partner among ${f.text("candidates")} rows of the other side; without at least two unrelated controls this number means nothing.`,
    zh: `某一层保留的 ${f.text("references")} 行中，有 ${f.text("found")} 行在另一方的 ${f.text("candidates")} 行中互为最佳匹配；没有至少两个无关对照，这一数字不具意义。`,
  }),
  "rows-found-elsewhere": (f) => ({
    en: `${f.text("found")} of ${f.text("references")} kept rows of one layer were found at other places among ${f.text("candidates")} rows of the other side; the ${f.text("controls")} unrelated controls show at most ${f.text("most")}.`,
    zh: `某一层保留的 ${f.text("references")} 行中，有 ${f.text("found")} 行在另一方 ${f.text("candidates")} 行的其他位置被找到；${f.text("controls")} 个无关对照至多出现 ${f.text("most")} 行。`,
  }),
  "rows-searched": (f) => ({
    en: `${f.text("found")} of ${f.text("references")} kept rows of one layer have a mutually best partner among ${f.text("candidates")} rows of the other side; the ${f.text("controls")} unrelated controls show up to ${f.text("most")}.`,
    zh: `某一层保留的 ${f.text("references")} 行中，有 ${f.text("found")} 行在另一方的 ${f.text("candidates")} 行中互为最佳匹配；${f.text("controls")} 个无关对照最多为 ${f.text("most")} 行。`,
  }),
  "simhash-distance": (f) => ({
    en: `The SimHashes (${f.text("of") === "whole" ? "of whole matrices" : "of samples at public positions"}) differ in ${f.text("distance")} of 1,024 bits; unrelated models differ in about 512, candidates in 320 or fewer.`,
    zh: `SimHash（${f.text("of") === "whole" ? "取自完整矩阵" : "取自公开位置的样本"}）在 1,024 位中有 ${f.text("distance")} 位不同；无关模型约有 512 位不同，候选不超过 320 位。`,
  }),
  "embedding-cosine": (f) => ({
    en: `The geometry of the anchor tokens' embeddings agrees to a cosine of ${f.text("value")}; models that share a tokenizer agree to some extent anyway.`,
    zh: `锚点词元嵌入的几何结构余弦为 ${f.text("value")}；共用分词器的模型本来就会有一定程度的一致。`,
  }),
  "tokenizer-estimate": (f) => ({
    en: `The vocabularies overlap by an estimated ${f.text("jaccard")} (Jaccard index).`,
    zh: `词表重合度（Jaccard 指数）估计为 ${f.text("jaccard")}。`,
  }),
  "structure-same": () => ({
    en: "Both sides have the same multiset of shapes.",
    zh: "双方的张量形状多重集相同。",
  }),
  "structure-different": () => ({
    en: "The multisets of shapes differ.",
    zh: "双方的张量形状多重集不同。",
  }),
  "claimed-fingerprint": (f) => ({
    en: `The fingerprint of ${sideName(f.text("side")).en} is claimed: it could have been made from other, public weights${f.raw.signedBy ? "; its signature says which key vouches for it, not that it is true" : ""}. What is found may alert its owner and supports no public claim until blocks chosen by a nonce have been opened.`,
    zh: `${sideName(f.text("side")).zh}的指纹仅为声称：它可能由其他公开权重算出${f.raw.signedBy ? "；签名只表明由哪把密钥担保，并不证明其真实" : ""}。所得结果可以提醒其所有者，但在公开由随机数选定的数据块之前，不支持任何公开主张。`,
  }),
  "light-fingerprint": (f) => ({
    en: `The fingerprint of ${sideName(f.text("side")).en} is a light one, from samples at public positions: it proposes candidates and nothing else.`,
    zh: `${sideName(f.text("side")).zh}的指纹为轻量指纹，取自公开位置的样本：它只提出候选，别无其他含义。`,
  }),
  "claimed-ancestor": () => ({
    en: "An ancestor is given as a claimed fingerprint: what was taken off both sides rests on it.",
    zh: "有祖先以声称的指纹给出：从双方减去的部分以此为依据。",
  }),
  "no-ancestor-given": () => ({
    en: "No ancestor is given: a shared base or a shared initialisation would look the same.",
    zh: "未给出祖先：共同的基础模型或共同的初始化看起来也会如此。",
  }),
  "ancestors-not-subtracted": () => ({
    en: "The given ancestors could not be taken off, because not every side has a full fingerprint: a shared base is not excluded.",
    zh: "由于并非各方都有完整指纹，未能减去所给祖先：不能排除共同的基础模型。",
  }),
};

const closing: Bilingual = {
  en: "A match of fingerprints is a reason to look at the weights themselves, never a finding.",
  zh: "指纹相符只是进一步查看权重本身的理由，绝不是结论。",
};

export function explainFingerprint(outcome: MethodOutcome): Bilingual {
  return explainWith(fingerprintSentences, outcome, closing);
}
