import type { MethodAbout } from "../method-about";
import type { AlignedSays } from "./verdict";

const says: Readonly<Record<AlignedSays, { en: string; zh: string }>> = {
  "equal-values": {
    en: "all sampled values that count are equal, after rounding to the coarser number format",
    zh: "按较粗的数值格式取整后，计入的全部抽样数值相同",
  },
  "noise-copy": {
    en: "the difference is white noise around the other side's values",
    zh: "差异为叠加在另一方数值上的白噪声",
  },
  "re-encoded": {
    en: "the difference is one of encoding: quantised, pruned, rescaled or recast",
    zh: "差异只在编码：量化、剪枝、缩放或转换数值格式",
  },
  "trained-difference": {
    en: "the values resemble each other and differ as training makes them differ",
    zh: "数值相似，差异与训练造成的差异相符",
  },
  "ancestor-explains": {
    en: "all of the resemblance is explained by the given ancestors",
    zh: "全部相似之处均可由所给祖先解释",
  },
  unrelated: {
    en: "no resemblance at equal positions; reordered or rotated weights are not looked for here",
    zh: "相同位置上没有相似之处；本方法不查找重新排列或旋转过的权重",
  },
  "not-decidable": {
    en: "the samples do not decide it: too little lies beyond the ancestors and their rounding, or only a part of the matrices resembles the other side",
    zh: "抽样不足以判断：超出祖先及其取整的部分过少，或仅部分矩阵与另一方相似",
  },
  "not-testable": {
    en: "no tensor that counts could be read on both sides",
    zh: "没有可在双方读取且计入的张量",
  },
};

export const alignedAbout: MethodAbout = {
  id: "weights/aligned",
  version: "2",
  kind: "descriptive",
  name: { en: "Weights at equal positions", zh: "相同位置的权重" },
  measures: {
    en: "For every matched matrix one seeded run of 64 KiB at the same place on both sides and in every ancestor: equal values, cosine, the form of the difference (noise, quantisation, pruning, rescaling, low rank, training), and, with ancestors, how much of one side's own difference from them the other side carries (α, ρ, partial R²). Tensors that ancestors or unrelated releases hold too, that carry almost no information or that code computes do not count.",
    zh: "对每个匹配的矩阵，在双方及每个祖先的同一位置读取一段由种子确定的 64 KiB 数值，衡量：相同数值的比例、余弦、差异的形态（噪声、量化、剪枝、缩放、低秩、训练）；给出祖先时，还衡量一方自身相对祖先的差异有多少出现在另一方（α、ρ、偏 R²）。祖先或无关版本也含有的、几乎不含信息的以及由代码计算得出的张量不计入。",
  },
  nullHypothesis: {
    en: "None: the method is descriptive. It gives no p-value, and none may be derived from it.",
    zh: "无：本方法只作描述，不给出 p 值，也不得由此推算 p 值。",
  },
  mayNotSay: {
    en: "The raw cosine cannot tell a sibling from a copy: two independent fine-tunes of one base reach .997. Nor may α alone be used: honest siblings of an undeclared common start, or trained on the same data, reach .8 to 1.15. Without a closed set of ancestors a trained difference shows at most a common origin. The method does not say which side was first, and a missing resemblance does not exclude reordered, rotated or distilled weights.",
    zh: "原始余弦无法区分兄弟模型与副本：同一基础模型的两个独立微调可达 0.997。也不得仅凭 α 判断：具有未声明的共同起点，或使用相同数据训练的诚实兄弟模型，α 可达 0.8 至 1.15。祖先集合不完整时，训练造成的差异至多表明共同来源。本方法不说明哪一方在先；没有相似之处也不能排除重新排列、旋转或蒸馏。",
  },
  says,
};
