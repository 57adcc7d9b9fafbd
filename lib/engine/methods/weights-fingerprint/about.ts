import type { MethodAbout } from "../method-about";

export const fingerprintAbout: MethodAbout = {
  id: "weights/fingerprint",
  version: "1",
  kind: "exact",
  name: { en: "Fingerprint of weights", zh: "权重指纹" },
  measures: {
    en: "What a fingerprint (a few megabytes made from private or public weights) says of the other side: tensors with equal bytes by their Merkle roots, cosines of linear sketches with ancestors taken off, a matching of projected rows to their own index, profiles of row norms, tokens and structure. A light fingerprint carries samples at public positions only.",
    zh: "衡量指纹（由私有或公开权重算出，约数兆字节）与另一方的关系：以 Merkle 根识别字节相同的张量，减去祖先后的线性草图余弦，投影行与自身编号的匹配，行范数分布、词元与结构。轻量指纹只含公开位置的样本。",
  },
  nullHypothesis: {
    en: "For the row test: given that each fingerprint was computed from the weights it names, the two sides come from independent random initialisations and rows are locally exchangeable. The rest is descriptive.",
    zh: "就行检验而言：若各指纹确由其所称的权重算出，则双方来自相互独立的随机初始化，且行在局部可交换。其余均为描述。",
  },
  mayNotSay: {
    en: "A fingerprint that somebody brings can be made from public weights, so that a match is never proof: it may alert its owner and supports no public claim until blocks chosen by a nonce have been opened. Fixed rows can be dodged by permuting them, and rows of a rotated model do not match.",
    zh: "他人提交的指纹可能由公开权重算出，因此相符绝非证明：它可以提醒其所有者，但在公开由随机数选定的数据块之前，不支持任何公开主张。通过置换可以避开固定的行，经旋转的模型其行也不会匹配。",
  },
  says: {
    "same-tensors": { en: "all counted tensors have the same bytes", zh: "计入的张量字节全部相同" },
    matches: { en: "the fingerprint matches the other side", zh: "指纹与另一方相符" },
    "shared-ancestry": {
      en: "what matches is explained by a given ancestor",
      zh: "相符之处可由所给祖先解释",
    },
    candidate: { en: "a candidate for a closer look", zh: "值得进一步查看的候选" },
    "nothing-found": { en: "nothing beyond chance was found", zh: "未发现超出偶然的相符" },
    "not-testable": {
      en: "no fingerprint, or nothing to hold against it",
      zh: "没有指纹，或没有可比对的内容",
    },
  },
};
